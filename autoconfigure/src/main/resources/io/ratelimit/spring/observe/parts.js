// What the page is made of.

export const byId = (id) => document.getElementById(id);

export const rounded = (rate) => rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 });
export const whole = (number) => number.toLocaleString('en');
export const seconds = (time) => `${time.toLocaleString('en', { maximumFractionDigits: time < 10 ? 1 : 0 })} s`;
export const clock = (moment) => new Date(moment).toLocaleTimeString('en-GB');

// A name that anybody can have given, with nothing in it that could turn or hide what stands beside it.
export function named(name) {
  const visible = name.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${sign.codePointAt(0).toString(16).padStart(4, '0')}`);
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(visible) ? `\u2068${visible}\u2069` : visible;
}

export function many(number, one, more = `${one}s`) {
  return `${whole(number)} ${number === 1 ? one : more}`;
}

export function element(parent, name, className = '', text = '') {
  const child = document.createElement(name);
  if (className) {
    child.className = className;
  }
  child.textContent = text;
  return parent.appendChild(child);
}

export function button(parent, text, label, action) {
  const child = element(parent, 'button', '', text);
  child.type = 'button';
  if (label) {
    child.setAttribute('aria-label', label);
  }
  child.addEventListener('click', () => action(child));
  return child;
}

// Says something where it belongs, with things to press beside it.
export function tell(place, text, { wrong = false, actions = [] } = {}) {
  place.classList.toggle('wrong', wrong);
  place.classList.remove('asks');
  place.onkeydown = null;
  place.replaceChildren();
  element(place, 'span', '', text);
  for (const [name, label, action] of actions) {
    button(place, name, label, action);
  }
}

// Does something, and says what comes of it at the place where it was pressed.
export async function attempt(place, action) {
  try {
    await action();
  }
  catch (error) {
    tell(place, error.message, { wrong: true });
  }
}

// Asks before something is done. Escape and Cancel lead back to where it was pressed.
export function confirm(place, opener, question, name, action) {
  const close = () => {
    tell(place, '');
    opener.focus();
  };
  tell(place, question);
  place.classList.add('asks');
  button(place, name, '', async (pressed) => {
    pressed.disabled = true;
    await attempt(place, action);
    opener.focus();
  }).focus();
  button(place, 'Cancel', '', close);
  place.scrollIntoView({ block: 'nearest' });
  place.onkeydown = (event) => {
    if (event.key === 'Escape') {
      close();
    }
  };
}

const SECONDS_BETWEEN = 2;
const POINTS = 60;
const WIDTH = 240;
const HEIGHT = 56;

// Two rates over the last minutes, drawn as areas.
export class Chart {

  constructor(figure) {
    this.svg = figure.querySelector('svg');
    this.caption = figure.querySelector('figcaption');
    this.svg.setAttribute('aria-label', 'Rates: nothing is known yet');
    this.points = [];
    for (let line = 1; line < 4; line++) {
      const rule = document.createElementNS(this.svg.namespaceURI, 'path');
      rule.setAttribute('class', 'rule');
      rule.setAttribute('d', `M0 ${line * HEIGHT / 4}H${WIDTH}`);
      this.svg.prepend(rule);
    }
  }

  add(point) {
    this.points = [...this.points, point].slice(-POINTS);
    const highest = Math.max(1, ...this.points.map(({ allowed, refused }) => Math.max(allowed, refused)));
    const minutes = Math.round(POINTS * SECONDS_BETWEEN / 60);
    for (const series of ['allowed', 'refused']) {
      this.svg.querySelector(`path.${series}`).setAttribute('d', this.area(series, highest));
    }
    this.svg.dataset.points = this.points.length;
    this.caption.textContent = `Full height ${rounded(highest)} a second, full width ${minutes} minutes`;
    this.svg.setAttribute('aria-label',
      `Rates over the last ${minutes} minutes, at most ${rounded(highest)} a second; `
      + `now ${rounded(point.allowed)} allowed and ${rounded(point.refused)} refused`);
  }

  area(series, highest) {
    const step = WIDTH / (POINTS - 1);
    const left = WIDTH - (this.points.length - 1) * step;
    const line = this.points.map((point, index) => {
      const x = left + index * step;
      return `${x.toFixed(1)} ${(HEIGHT - 1 - (HEIGHT - 3) * point[series] / highest).toFixed(1)}`;
    });
    return `M${left.toFixed(1)} ${HEIGHT}L${line.join('L')}L${WIDTH} ${HEIGHT}Z`;
  }

}
