import { Words } from '../../../../src-main/words/words';
import en from '../../../../resources/locales/en.json';
import ko from '../../../../resources/locales/ko.json';

export const english = new Words('en', en, en);
export const korean = new Words('ko', ko, en);
