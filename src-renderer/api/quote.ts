/** The one quoting function: what is typed for the person is quoted as what is run. */
export { quote } from '../../src-main/core/shell/quote';
