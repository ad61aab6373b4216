import * as endpoint from './endpoint.js';
import { attempt, button, byId, clock, confirm, element, many, named, seconds, tell, whole } from './parts.js';
import { Card, stateText } from './card.js';

const SECONDS_BETWEEN = 2;

const EXAMPLES = [['ip', '203.0.113.7'], ['subnet', '203.0.113.0/24'], ['header:', 'value of the header'],
  ['cookie:', 'value of the cookie'], ['param:', 'value of the parameter'], ['principal', 'alice'], ['jwt:', 'value of the claim'],
  ['path:', 'value in the path'], ['session', 'id of the session'], ['global', 'global']];

const cards = new Map();
let latest = { policies: [] };

// Those that somebody has configured come first, and last those that stand at a method alone.
function ordered(policies) {
  const rank = (policy) => (policy.key ? 0 : policy.calls.length ? 2 : 1);
  return [...policies].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'en'));
}

async function refresh() {
  latest = await endpoint.read();
  const at = performance.now();
  const policies = ordered(latest.policies);
  for (const policy of policies) {
    if (!cards.has(policy.name)) {
      cards.set(policy.name, new Card(policy, refresh));
    }
    cards.get(policy.name).show(policy, latest.writable, at);
  }
  const gone = [...cards.keys()].filter((name) => !policies.some((policy) => policy.name === name));
  gone.forEach((name) => cards.delete(name));
  const shown = policies.map(({ name }) => cards.get(name).card);
  if (shown.length !== byId('policies').children.length
    || shown.some((card, index) => card !== byId('policies').children[index])) {
    byId('policies').replaceChildren(...shown);
    showChoice(policies);
  }
  byId('empty').hidden = Boolean(policies.length);
  byId('instance').textContent = named(latest.instance);
  showStore(latest);
  showHistory(latest);
}

function showChoice(policies) {
  const chosen = byId('policy').value;
  byId('policy').replaceChildren();
  policies.forEach(({ name }) => {
    element(byId('policy'), 'option', '', name).value = name;
  });
  if (policies.some(({ name }) => name === chosen)) {
    byId('policy').value = chosen;
  }
  showExample();
}

// Shows how a key of the chosen policy is written.
function showExample() {
  const key = latest.policies.find(({ name }) => name === byId('policy').value)?.key ?? '';
  const parts = key.split('|')[0].split('+').map((part) => part.trim());
  byId('key').placeholder = parts.map((part) => EXAMPLES.find(([form]) => part.startsWith(form))?.[1] ?? '')
    .filter(Boolean).join(' + ');
}

function showStore({ store, outage }) {
  const text = [`Counted in ${store.name}`];
  if (store.state === 'down') {
    text.push(`which is DOWN since ${clock(store.since)}: ${store.cause}`);
  }
  if (outage) {
    const how = [outage.allowed ? `${whole(outage.allowed)} allowed uncounted` : '',
      outage.denied ? `${whole(outage.denied)} denied` : '', outage.local ? `${whole(outage.local)} counted in process` : ''];
    text.push(`${outage.over ? `the last outage began ${clock(outage.begin)} and took ${seconds(outage.seconds)}; ` : ''}`
      + `decisions it could not make: ${how.filter(Boolean).join(', ') || 'none'}`);
  }
  show(byId('store'), text.join(', '));
  byId('store').classList.toggle('wrong', store.state === 'down');
}

function showHistory({ changes, writable }) {
  byId('history').hidden = !changes.length;
  const list = byId('history').querySelector('ol');
  const known = new Map([...list.children].map((item) => [item.dataset.at, item]));
  const items = changes.map((made) => known.get(made.at + made.policy) ?? historyItem(made));
  if (items.length !== list.children.length || items.some((item, index) => item !== list.children[index])) {
    list.replaceChildren(...items);
  }
  items.forEach((item, index) => {
    // what was changed once more cannot be undone alone
    const last = changes.findIndex(({ policy, kind }) => policy === changes[index].policy && kind === 'change') === index;
    item.querySelectorAll('button.undo').forEach((undo) => {
      undo.hidden = !writable || !last;
    });
  });
}

function historyItem(made) {
  const item = document.createElement('li');
  item.dataset.at = made.at + made.policy;
  const state = endpoint.stateOf;
  const what = {
    change: () => `changed ${made.policy} from ${state(made.before)} to ${state(made.after)}`,
    reset: () => `reset key ${made.id} of ${made.policy}`,
    'reset-all': () => `reset all keys of ${made.policy}`
  }[made.kind]();
  element(item, 'time', '', clock(made.at)).dateTime = made.at;
  element(item, 'span', '', ` ${made.by ? named(made.by) : 'somebody who is not known'} ${what} `);
  if (made.before) {
    const told = document.createElement('div');
    told.className = 'told';
    told.setAttribute('role', 'status');
    button(item, 'Undo', `Undo: ${what}`, (pressed) => confirm(told, pressed,
      `Change ${made.policy} back to ${state(made.before)}?`, 'Change back', async () => {
        await endpoint.change(made.policy, made.after, { limits: made.before.limits.join(', '), mode: made.before.mode });
        tell(told, `${made.policy} is changed back`);
        await refresh();
      })).className = 'undo';
    item.append(told);
  }
  return item;
}

function show(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

function summary() {
  return `${many(latest.policies.length, 'policy', 'policies')}, ${latest.writable ? 'changes allowed' : 'read only'}`;
}

let answered = Date.now();
let timer;

// Reads everything again and again while the page is looked at.
async function live() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      await refresh();
      answered = Date.now();
      document.body.classList.remove('stale');
      show(byId('live'), summary());
    }
    catch (error) {
      document.body.classList.add('stale');
      show(byId('live'), error.kind === 'gone' ? `Stale: ${error.message}. This is what was so at ${clock(answered)}.`
        : error.message);
    }
  }
  timer = setTimeout(live, SECONDS_BETWEEN * 1000);
}

byId('policy').addEventListener('change', showExample);
byId('lookup').addEventListener('submit', (event) => {
  event.preventDefault();
  const [policy, key] = [byId('policy').value, byId('key').value];
  const name = named(key);
  const place = byId('state');
  attempt(place, async () => {
    const state = await endpoint.state(policy, { key });
    const reset = ['Reset', `Reset ${name} in ${policy}`, (pressed) => confirm(place, byId('key'),
      `Forget what ${name} has used of ${policy}? That cannot be undone.`, 'Reset', async () => {
        await endpoint.resetKey(policy, { key });
        tell(place, `${name} in ${policy} is reset`);
        await refresh();
      })];
    tell(place, `${name} in ${policy}: ${stateText(state)}`, { actions: latest.writable ? [reset] : [] });
  });
});
byId('why').addEventListener('submit', (event) => {
  event.preventDefault();
  const place = byId('guards');
  attempt(place, async () => {
    const report = await endpoint.why(byId('method').value, byId('path').value);
    const guarding = report.policies.filter(({ guards }) => guards);
    tell(place, `${report.method} ${named(report.path)} is counted by `
      + (guarding.length ? many(guarding.length, 'policy', 'policies') : 'no policy'));
    const list = element(place, 'ul');
    report.policies.forEach(({ policy, guards, reason, key, limits }) => {
      const item = element(list, 'li', guards ? 'guards' : '');
      element(item, 'b', '', guards ? policy : `not ${policy}`);
      element(item, 'span', '', `: ${reason}${guards ? ` · ${limits.join(', ')}${key ? ` by ${key}` : ''}` : ''}`);
    });
    report.notes.forEach((note) => element(list, 'li', 'note', note));
  });
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    live();
  }
});
live();
