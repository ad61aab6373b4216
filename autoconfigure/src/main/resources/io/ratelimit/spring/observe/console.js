'use strict';

const SECONDS_BETWEEN = 2;
const POINTS = 60;
const WIDTH = 240;
const HEIGHT = 56;
const MODES = ['enforce', 'shadow', 'off'];

// The endpoint that this page lies below, wherever the actuator is.
const endpoint = new URL('.', location.href).pathname.replace(/\/$/, '');

const byId = (id) => document.getElementById(id);

// Sends a request to the endpoint. Where something is wrong, the endpoint says what.
async function request(path, options = {}) {
  const { csrfHeader, csrfToken } = document.documentElement.dataset;
  const headers = { Accept: 'application/json', ...options.headers };
  if (csrfHeader && options.method) {
    headers[csrfHeader] = csrfToken;
  }
  const response = await fetch(endpoint + path, { ...options, headers, cache: 'no-store', redirect: 'error' });
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  }
  catch {
    // not from the endpoint
  }
  if (!response.ok) {
    throw new Error(body?.detail ?? `${response.status} ${response.statusText}`.trim());
  }
  return body;
}

const policyPath = (name) => `/policies/${encodeURIComponent(name)}`;
const keyPath = (name, parameter, value) => `/keys/${encodeURIComponent(name)}?${new URLSearchParams({ [parameter]: value })}`;

function element(parent, name, className, text = '') {
  const child = document.createElement(name);
  child.className = className;
  child.textContent = text;
  return parent.appendChild(child);
}

function button(parent, text, label, action) {
  const child = element(parent, 'button', '', text);
  child.type = 'button';
  if (label) {
    child.setAttribute('aria-label', label);
  }
  child.addEventListener('click', action);
  return child;
}

const rounded = (rate) => rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 });
const whole = (number) => number.toLocaleString('en');
const seconds = (time) => `${time.toLocaleString('en', { maximumFractionDigits: time < 10 ? 1 : 0 })} s`;

// Two rates over the last minutes, drawn as areas.
class Chart {

  constructor(svg) {
    this.svg = svg;
    this.points = [];
    for (let line = 1; line < 4; line++) {
      const rule = document.createElementNS(svg.namespaceURI, 'path');
      rule.setAttribute('class', 'rule');
      rule.setAttribute('d', `M0 ${line * HEIGHT / 4}H${WIDTH}`);
      svg.prepend(rule);
    }
  }

  add(point) {
    this.points = [...this.points, point].slice(-POINTS);
    const highest = Math.max(1, ...this.points.map(({ allowed, refused }) => Math.max(allowed, refused)));
    for (const series of ['allowed', 'refused']) {
      this.svg.querySelector(`path.${series}`).setAttribute('d', this.area(series, highest));
    }
    this.svg.dataset.points = this.points.length;
    this.svg.setAttribute('aria-label',
      `Rates over the last ${Math.round(POINTS * SECONDS_BETWEEN / 60)} minutes, at most ${rounded(highest)} a second; `
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

// A policy.
class Card {

  constructor(policy) {
    this.name = policy.name;
    byId('policies').append(byId('card').content.cloneNode(true));
    this.card = byId('policies').lastElementChild;
    this.card.dataset.policy = this.name;
    this.find('.name').textContent = this.name;
    this.find('.name').id = `policy-${this.name}`;
    this.card.setAttribute('aria-labelledby', `policy-${this.name}`);
    this.chart = new Chart(this.find('.chart'));
    const modes = this.find('.mode');
    modes.setAttribute('aria-label', `Mode of ${this.name}`);
    this.modes = MODES.map((mode) => button(modes, mode, '', () => this.switchTo(mode)));
    element(byId('policy'), 'option', '', this.name).value = this.name;
  }

  find(selector) {
    return this.card.querySelector(selector);
  }

  show(policy, writable, at) {
    this.card.dataset.mode = policy.mode;
    this.modes.forEach((each, index) => {
      each.setAttribute('aria-pressed', MODES[index] === policy.mode);
      each.disabled = !writable;
    });
    this.find('.limits').textContent = policy.limits.map(({ limit }) => limit).join(', ');
    this.find('.use').textContent = this.use(policy);
    this.showRates(policy, at);
    this.showOffenders(policy, writable);
  }

  use(policy) {
    const uses = [...policy.paths, ...policy.except.map((path) => `except ${path}`), ...policy.methods, ...policy.calls];
    return [uses.join(', ') || 'used by the application itself', policy.key ? `by ${policy.key}` : '', policy.store]
      .filter(Boolean).join(' · ');
  }

  showRates(policy, at) {
    const { allowed, denied, 'shadow-denied': shadowDenied, 'not-counted': notCounted } = policy.decisions;
    const counts = { at, allowed, refused: denied + shadowDenied };
    const time = this.counts ? (at - this.counts.at) / 1000 : 0;
    if (time > 0) {
      // a lower count than before: the application was started again
      const rate = (series) => Math.max(0, counts[series] - this.counts[series]) / time;
      const point = { allowed: rate('allowed'), refused: rate('refused') };
      this.chart.add(point);
      this.find('p.allowed b').textContent = rounded(point.allowed);
      this.find('p.refused b').textContent = rounded(point.refused);
    }
    this.counts = counts;
    this.find('p.refused span').textContent = policy.mode === 'shadow' ? 'would be refused a second' : 'refused a second';
    this.find('.totals').textContent = `${whole(allowed)} allowed, ${whole(denied)} refused`
      + (shadowDenied ? `, ${whole(shadowDenied)} would have been` : '')
      + (notCounted ? `, ${whole(notCounted)} not counted` : '') + ' since the start';
  }

  showOffenders(policy, writable) {
    const { offenders, refusals, missed } = policy.recent;
    const table = this.find('.offenders');
    table.querySelector('caption').textContent = refusals
      ? `Refused over the last minutes: ${whole(refusals)}${missed ? `, of whom ${whole(missed)} are not known` : ''}`
      : 'Nobody was refused over the last minutes';
    table.querySelector('thead').hidden = !offenders.length;
    const rows = table.querySelector('tbody');
    const known = new Map([...rows.children].map((row) => [row.dataset.id, row]));
    const focused = document.activeElement;
    const shown = offenders.slice(0, 5).map((offender) => {
      const row = known.get(offender.id) ?? this.offenderRow(offender);
      row.querySelector('.number').textContent = (offender.error ? '≤ ' : '') + whole(offender.refusals);
      row.querySelector('.reset').hidden = !writable;
      return row;
    });
    if (shown.length !== rows.children.length || shown.some((row, index) => row !== rows.children[index])) {
      rows.replaceChildren(...shown);
    }
    if (focused !== document.activeElement && rows.contains(focused)) {
      focused.focus();
    }
  }

  offenderRow(offender) {
    const row = document.createElement('tr');
    row.dataset.id = offender.id;
    const name = offender.key ?? offender.id;
    element(row, 'td', 'key', name).title = name;
    element(row, 'td', 'number');
    const actions = element(row, 'td', 'actions');
    button(actions, 'State', `State of ${name}`, () => lookUp(this.name, 'id', offender.id, name));
    button(actions, 'Reset', `Reset ${name}`, () => reset(this.name, 'id', offender.id, name)).classList.add('reset');
    return row;
  }

  async switchTo(mode) {
    await attempt(async () => {
      await request(policyPath(this.name), {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ mode })
      });
      say(`${this.name} is in mode ${mode}`);
      await refresh();
    });
  }

}

const cards = new Map();

function say(text, wrong = false) {
  byId('state').textContent = text;
  byId('state').classList.toggle('wrong', wrong);
}

async function attempt(action) {
  try {
    await action();
  }
  catch (error) {
    say(error.message, true);
  }
}

function lookUp(policy, parameter, value, name) {
  return attempt(async () => {
    const state = await request(keyPath(policy, parameter, value));
    const what = `${name} in ${policy}: `;
    if (!state.counted) {
      say(`${what}not counted`);
    }
    else if (state.allowed) {
      say(`${what}${whole(state.remaining)} left of ${state.limit}`
        + (state.resetAfterSeconds ? `, more in ${seconds(state.resetAfterSeconds)}` : ''));
    }
    else {
      say(`${what}refused by ${state.limit}, again in ${seconds(state.retryAfterSeconds)}`);
    }
  });
}

function reset(policy, parameter, value, name) {
  return attempt(async () => {
    await request(keyPath(policy, parameter, value), { method: 'DELETE' });
    say(`${name} in ${policy}: reset`);
  });
}

async function refresh() {
  const { policies, writable } = await request('');
  const at = performance.now();
  for (const policy of policies) {
    if (!cards.has(policy.name)) {
      cards.set(policy.name, new Card(policy));
    }
    cards.get(policy.name).show(policy, writable, at);
  }
  byId('reset').hidden = !writable;
  return `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}, ${writable ? 'changes allowed' : 'read only'}`;
}

async function live() {
  let text = byId('live').textContent;
  if (!document.hidden) {
    try {
      text = await refresh();
      document.body.classList.remove('stale');
    }
    catch (error) {
      text = `No answer: ${error.message}`;
      document.body.classList.add('stale');
    }
  }
  if (byId('live').textContent !== text) {
    byId('live').textContent = text;
  }
  setTimeout(live, SECONDS_BETWEEN * 1000);
}

byId('lookup').addEventListener('submit', (event) => {
  event.preventDefault();
  lookUp(byId('policy').value, 'key', byId('key').value, byId('key').value);
});
byId('reset').addEventListener('click', () => {
  if (byId('lookup').reportValidity()) {
    reset(byId('policy').value, 'key', byId('key').value, byId('key').value);
  }
});
live();
