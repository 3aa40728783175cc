import { wholeNumber } from './whole-number';

describe('a whole number of the command line', () => {
  it.each([
    ['0', 0],
    ['60', 60],
    ['007', 7],
  ])('takes %s', (text, number) => expect(wholeNumber('--wait', text, 0)).toBe(number));

  it.each(['', '-1', '1.5', '1e3', ' 1', 'soon', '99999999999'])('refuses %j', (text) => {
    expect(() => wholeNumber('--wait', text, 0)).toThrow('--wait must be a whole number from 0');
  });

  it('has a least value', () => {
    expect(() => wholeNumber('--to', '0', 1)).toThrow('--to must be a whole number from 1');
  });
});
