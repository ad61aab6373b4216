'use strict';

// The items of a RateLimit or RateLimit-Policy field: a list of strings with parameters
// (RFC 9651).
function items(field) {
  const list = [];
  for (const [, name, parameters] of (field ?? '').matchAll(/"((?:[^"\\]|\\.)*)"((?:;\s*[^;,"]+)*)/g)) {
    const item = { name };
    for (const [, key, value] of parameters.matchAll(/;\s*([a-z*][\w.*-]*)=([^;,]+)/g)) {
      item[key] = Number(value);
    }
    list.push(item);
  }
  return list;
}

// What a response says of its limit: permits left, permits in all, seconds to wait.
function quota(headers) {
  const [binding] = items(headers.get('RateLimit')).sort((a, b) => b.t - a.t);
  if (!binding) {
    return null;
  }
  const policy = items(headers.get('RateLimit-Policy')).find(({ name }) => name === binding.name);
  return { left: binding.r, permits: policy?.q ?? binding.r, wait: Number(headers.get('Retry-After')) };
}

function request({ method = 'GET', path, form, user }) {
  const headers = user ? { Authorization: 'Basic ' + btoa(`${user}:${user}-password`) } : {};
  const body = form && new URLSearchParams(form);
  return fetch(path, { method, headers, body, credentials: 'omit', cache: 'no-store' });
}

function element(parent, name, className, attributes = {}) {
  const child = document.createElement(name);
  child.className = className;
  Object.entries(attributes).forEach(([key, value]) => child.setAttribute(key, value));
  return parent.appendChild(child);
}

// The response of the last request of a card, as it came over the wire.
class Answer {

  constructor(card) {
    this.box = element(card, 'div', 'answer');
    this.status = element(this.box, 'p', 'status', { role: 'status' });
    this.fields = element(this.box, 'dl', 'fields');
    this.body = element(this.box, 'p', 'body');
    this.status.textContent = 'No request yet';
    card.insertBefore(this.box, card.querySelector('.curl'));
  }

  async show(response, note) {
    this.response = response;
    this.box.dataset.status = response.status;
    this.status.replaceChildren();
    element(this.status, 'b', 'code').textContent = response.status;
    this.status.append(` ${note}`);
    this.fields.replaceChildren();
    for (const name of ['Retry-After', 'RateLimit-Policy', 'RateLimit'].filter((each) => response.headers.has(each))) {
      element(this.fields, 'dt', name.toLowerCase()).textContent = `${name}:`;
      const value = element(this.fields, 'dd', name.toLowerCase());
      for (const item of response.headers.get(name).split(/(?<=,) /)) {
        value.append(value.hasChildNodes() ? ' ' : '');
        element(value, 'span', 'item').textContent = item;
      }
    }
    this.body.textContent = await response.text();
  }

  append(response, note) {
    if (this.response === response) {
      this.status.append(note);
    }
  }

}

// A button, the bar of permits left beside it, and the countdown of a refusal.
class Try {

  constructor(row, answer) {
    this.row = row;
    this.answer = answer;
    this.button = row.querySelector('button');
    this.bar = element(row, 'div', 'bar', { role: 'meter', 'aria-label': `Permits left: ${this.button.textContent}` });
    this.caption = element(row, 'p', 'caption');
    this.sent = 0;
    this.queue = Promise.resolve();
    this.fresh();
    this.button.addEventListener('click', () => this.press());
  }

  // One request after the other, so that the answers are shown in their order.
  press() {
    this.queue = this.queue.then(() => this.send());
  }

  async send() {
    try {
      const response = await request(this.button.dataset);
      this.sent++;
      clearInterval(this.timer);
      await this.show(response, quota(response.headers));
    }
    catch (error) {
      this.answer.status.textContent = `No answer: ${error.message}`;
    }
  }

  async show(response, quota) {
    if (response.status === 429) {
      this.count(quota.wait, response);
      await this.answer.show(response, `Too Many Requests, come back in ${quota.wait} s`);
    }
    else if (quota) {
      this.fill('left', quota.left, quota.permits, `${quota.left} of ${quota.permits} left`);
      await this.answer.show(response, `${response.ok ? 'OK' : 'Unauthorized'}, ${this.caption.textContent}`);
    }
    else {
      this.fill('unlimited', 1, 1, `${this.sent} sent, none refused`);
      await this.answer.show(response, 'OK, and not a word of a limit');
    }
  }

  // Nothing is known of what is left until somebody asks.
  fresh() {
    this.fill('fresh', 1, 1, '');
  }

  count(seconds, response) {
    const end = performance.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left > 0) {
        this.fill('refused', left, seconds, `again in ${left} s`);
      }
      else {
        clearInterval(this.timer);
        this.fresh();
        this.answer.append(response, ': now');
      }
    };
    tick();
    this.timer = setInterval(tick, 100);
  }

  fill(state, value, maximum, caption) {
    this.row.dataset.state = state;
    this.bar.style.setProperty('--value', value);
    this.bar.style.setProperty('--maximum', maximum);
    this.bar.setAttribute('aria-valuenow', state === 'refused' ? 0 : value);
    this.bar.setAttribute('aria-valuemax', maximum);
    this.bar.setAttribute('aria-valuetext', caption || 'not known yet');
    this.caption.textContent = caption;
  }

}

document.querySelectorAll('.curl').forEach((line) => {
  line.textContent = line.textContent.replace('localhost:8080', location.origin.replace(/^http:\/\//, ''));
});
document.querySelectorAll('article').forEach((card) => {
  const answer = new Answer(card);
  card.querySelectorAll('.try').forEach((row) => new Try(row, answer));
});
