import * as endpoint from './endpoint.js';
import { attempt, byId, button, Chart, confirm, element, many, named, rounded, seconds, tell, whole } from './parts.js';

const MODES = ['enforce', 'shadow', 'off'];
const FEW = 5;
const HERE = 'This instance only, until it is started again.';

const WHAT_A_MODE_DOES = {
  enforce: 'Requests over the limit are refused.',
  shadow: 'Requests are counted, and nobody is refused.',
  off: 'Nothing is counted, and nobody is refused.'
};

// Says what is left of a key.
export function stateText(state) {
  if (!state.counted) {
    return `not counted, since ${state.reason}`;
  }
  const where = state.where ? `, counted in ${state.where}` : '';
  if (!state.allowed) {
    return `refused by ${state.limit}, again in ${seconds(state.retryAfterSeconds)}${where}`;
  }
  return state.resetAfterSeconds
    ? `${whole(state.remaining)} left of ${state.limit}, more in ${seconds(state.resetAfterSeconds)}${where}`
    : `nothing is used of ${state.limit}${where}. Is the key written as the client sends it?`;
}

function previewText({ seconds: time, share, tried, current }) {
  if (!tried.requests) {
    return 'Nobody has asked for anything over the last minutes, so there is nothing to try the limits on.';
  }
  const refused = (trial) => `${whole(trial.refused)} of ${many(trial.requests, 'request')} and `
    + `${whole(trial.refusedKeys)} of ${many(trial.keys, 'key')}`;
  return `Over the last ${time < 90 ? `${Math.round(time)} s` : `${Math.round(time / 60)} minutes`} these limits would have `
    + `refused ${refused(tried)}; the limits in force, ${refused(current)}.`
    + (share < 1 ? ` That is a sample: one key of ${whole(Math.round(1 / share))}.` : '');
}

// A policy.
export class Card {

  // refresh: reads everything anew
  constructor(policy, refresh) {
    this.name = policy.name;
    this.refresh = refresh;
    this.policy = policy;
    this.card = byId('card').content.cloneNode(true).firstElementChild;
    this.card.dataset.policy = this.name;
    this.find('.name').textContent = this.name;
    this.find('.name').id = `policy-${this.name}`;
    this.card.setAttribute('aria-labelledby', `policy-${this.name}`);
    this.above = this.find('.told.above');
    this.below = this.find('.told.below');
    this.chart = new Chart(this.find('figure'));
    const modes = this.find('.mode');
    modes.setAttribute('aria-label', `Mode of ${this.name}`);
    this.modes = MODES.map((mode) => {
      const each = button(modes, mode, '', (pressed) => this.askForMode(mode, pressed));
      each.dataset.mode = mode;
      return each;
    });
    this.more = button(this.find('.foot'), '', '', () => this.showMore());
    this.edit = button(this.find('.foot'), 'Change limits', `Change limits of ${this.name}`, () => this.askForLimits());
    this.forget = button(this.find('.foot'), 'Reset all keys', `Reset all keys of ${this.name}`,
      (pressed) => this.askForResetAll(pressed));
  }

  find(selector) {
    return this.card.querySelector(selector);
  }

  show(policy, writable, at) {
    this.policy = policy;
    this.writable = writable;
    this.card.dataset.mode = policy.mode;
    this.modes.forEach((each) => {
      each.setAttribute('aria-pressed', each.dataset.mode === policy.mode);
      each.disabled = !writable;
    });
    this.edit.hidden = this.forget.hidden = !writable;
    this.find('.limits').textContent = policy.limits.map(({ limit }) => limit).join(', ');
    this.find('.use').textContent = this.use(policy);
    this.showRates(policy, at);
    this.showOffenders(policy);
  }

  use(policy) {
    const uses = [...policy.paths, ...policy.except.map((path) => `except ${path}`), ...policy.methods, ...policy.calls];
    return [uses.join(', ') || 'used by the application itself', policy.key ? `by ${policy.key}` : '',
      policy.cost && policy.cost !== '1' ? `cost ${policy.cost}` : '', `counted in ${policy.store}`,
      `${policy.failureMode} if that is down`].filter(Boolean).join(' · ');
  }

  showRates(policy, at) {
    const { allowed, denied, 'shadow-denied': shadowDenied, 'not-counted': notCounted } = policy.decisions;
    const counts = { at, allowed, refused: denied + shadowDenied };
    const time = this.counts ? (at - this.counts.at) / 1000 : 0;
    if (time > 0) {
      // a lower count than before: the application was started again
      const rate = (series) => Math.max(0, counts[series] - this.counts[series]) / time;
      this.now = { allowed: rate('allowed'), refused: rate('refused') };
      this.chart.add(this.now);
      this.find('p.allowed b').textContent = rounded(this.now.allowed);
      this.find('p.refused b').textContent = rounded(this.now.refused);
    }
    this.counts = counts;
    this.find('p.refused span').textContent = policy.mode === 'shadow' ? 'would be refused a second' : 'refused a second';
    this.find('.totals').textContent = [`${whole(allowed)} allowed`, `${whole(denied)} refused`,
      shadowDenied ? `${whole(shadowDenied)} would have been` : '', policy.near ? `${whole(policy.near)} near the limit` : '',
      policy.local ? `${whole(policy.local)} counted in process` : '', notCounted ? `${whole(notCounted)} not counted` : '']
      .filter(Boolean).join(', ') + ' since the start';
  }

  showOffenders(policy) {
    const { offenders, refusals, missed } = policy.recent;
    const table = this.find('.offenders');
    const refused = policy.mode === 'shadow' ? 'Would have been refused' : 'Refused';
    table.querySelector('caption').textContent = refusals
      ? `${refused} over the last minutes: ${whole(refusals)}${missed ? `, of whom ${whole(missed)} are not known` : ''}`
      : `Nobody ${policy.mode === 'shadow' ? 'would have been' : 'was'} refused over the last minutes`;
    table.querySelector('thead').hidden = !offenders.length;
    const rows = table.querySelector('tbody');
    const known = new Map([...rows.children].map((row) => [row.dataset.id, row]));
    const focused = document.activeElement;
    const shown = offenders.slice(0, this.all ? offenders.length : FEW).map((offender) => {
      const row = known.get(offender.id) ?? this.offenderRow(offender);
      row.querySelector('.number').textContent = (offender.error ? '≤ ' : '') + whole(offender.refusals);
      row.querySelector('.reset').hidden = !this.writable;
      return row;
    });
    if (shown.length !== rows.children.length || shown.some((row, index) => row !== rows.children[index])) {
      rows.replaceChildren(...shown);
    }
    if (focused !== document.activeElement && rows.contains(focused)) {
      focused.focus();
    }
    this.more.hidden = offenders.length <= FEW;
    this.more.textContent = this.all ? 'Fewer keys' : `${many(offenders.length - FEW, 'more key')}`;
    this.more.setAttribute('aria-expanded', Boolean(this.all));
  }

  showMore() {
    this.all = !this.all;
    this.showOffenders(this.policy);
  }

  offenderRow(offender) {
    const row = document.createElement('tr');
    row.dataset.id = offender.id;
    const name = named(offender.key ?? offender.id);
    const key = element(row, 'td', 'key', name);
    element(row, 'td', 'number');
    const actions = element(row, 'td', 'actions');
    const told = element(key, 'div', 'told');
    told.setAttribute('role', 'status');
    button(actions, 'State', `State of ${name}`, () => attempt(told, async () =>
      tell(told, stateText(await endpoint.state(this.name, { id: offender.id })))));
    button(actions, 'Reset', `Reset ${name}`, (pressed) => confirm(told, pressed,
      'Forget what this key has used? That cannot be undone.', 'Reset', async () => {
        await endpoint.resetKey(this.name, { id: offender.id });
        tell(told, 'reset');
        await this.refresh();
      })).classList.add('reset');
    return row;
  }

  askForMode(mode, pressed) {
    if (mode === this.policy.mode) {
      return;
    }
    const before = this.policy;
    const refused = this.now?.refused && before.mode === 'enforce'
      ? ` ${rounded(this.now.refused)} requests a second are refused now.` : '';
    confirm(this.above, pressed, `Switch ${this.name} from ${before.mode} to ${mode}? ${WHAT_A_MODE_DOES[mode]}${refused} `
      + HERE, `Switch to ${mode}`, () => this.change(this.above, before, { mode }));
  }

  askForResetAll(pressed) {
    confirm(this.below, pressed, `Forget what all keys of ${this.name} have used? That cannot be undone.`, 'Reset all keys',
      async () => {
        await endpoint.resetAll(this.name);
        tell(this.below, `All keys of ${this.name} are reset`);
        await this.refresh();
      });
  }

  // Lets limits be written, and says what they would have refused while they are.
  askForLimits() {
    const close = () => {
      tell(this.below, '');
      this.edit.focus();
    };
    const before = this.policy;
    tell(this.below, '');
    this.below.classList.add('asks');
    const form = element(this.below, 'form', 'limits-form');
    form.setAttribute('aria-label', `Limits of ${this.name}`);
    const label = element(form, 'label', 'wide', 'Limits ');
    const limits = element(label, 'input');
    limits.value = before.limits.map(({ limit }) => limit).join(', ');
    limits.required = true;
    limits.autocomplete = 'off';
    limits.spellcheck = false;
    const result = element(form, 'p', 'preview');
    result.setAttribute('role', 'status');
    const apply = element(form, 'button', '', 'Apply');
    apply.type = 'submit';
    button(form, 'Cancel', '', close);
    element(form, 'p', 'note', HERE);
    const show = () => attempt(result, async () => {
      const tried = limits.value;
      const preview = tried.trim() ? await endpoint.preview(this.name, tried) : null;
      if (tried === limits.value) {
        tell(result, preview ? previewText(preview) : '');
      }
    });
    limits.addEventListener('input', () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(show, 300);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      clearTimeout(this.waiting);
      if (!apply.disabled) {
        apply.disabled = true;
        attempt(result, async () => {
          await this.change(this.below, before, { limits: limits.value });
          this.edit.focus();
        }).finally(() => {
          apply.disabled = false;
        });
      }
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        close();
      }
    });
    limits.focus();
    this.below.scrollIntoView({ block: 'nearest' });
    show();
  }

  // Changes the policy, if it still is what it was, and offers to undo it.
  async change(place, before, to, told = `${this.name} is changed`) {
    const after = await endpoint.change(this.name, before, to);
    const [former, now] = [before, after].map(({ limits }) => limits.map(({ limit }) => limit).join(', '));
    const what = [former !== now ? `limits ${now}` : '', before.mode !== after.mode ? `mode ${after.mode}` : ''];
    const opener = place === this.below ? this.edit : this.modes.find(({ dataset }) => dataset.mode === after.mode);
    tell(place, `${told}: ${what.filter(Boolean).join(', ') || 'as it was'}`, {
      actions: [['Undo', `Undo the change of ${this.name}`, () => confirm(place, opener,
        `Change ${this.name} back to ${endpoint.stateOf(before)}?`, 'Change back',
        () => this.change(place, after, { limits: former, mode: before.mode }, `${this.name} is changed back`))]]
    });
    await this.refresh();
  }

}
