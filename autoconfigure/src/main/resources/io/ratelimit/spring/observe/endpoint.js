// The endpoint that the page lies below, wherever the actuator is.
const endpoint = new URL('.', location.href).pathname.replace(/\/$/, '');

// How long an answer is waited for. To forget all keys of a policy takes as long as it takes.
const PATIENCE = 2500;
const MORE_PATIENCE = 60_000;

const ENDED = 'Your session has ended, or you are not logged in. Load this page again to log in.';
const NOT_TO_SEE = 'Your account may not see this.';
const NOT_TO_CHANGE = 'Your account may look, and not change anything here. If you have logged in again since you opened '
  + 'this page, load it again.';

const PERHAPS_DONE = 'it may have been done or not, which shows once there is an answer again';

// Something that the page has to say in place of an answer.
export class Trouble extends Error {

  // kind: 'gone' (no answer), 'access' (not allowed), 'refused' (the endpoint says what is wrong)
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }

}

async function send(path, options, patience) {
  const { csrfHeader, csrfToken } = document.documentElement.dataset;
  // that it is a script keeps browsers from asking for a password in place of an answer
  const headers = { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest', ...options.headers };
  if (csrfHeader && options.method) {
    headers[csrfHeader] = csrfToken;
  }
  try {
    const response = await fetch(endpoint + path,
      { ...options, headers, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(patience) });
    return { response, text: response.type === 'opaqueredirect' ? '' : await response.text() };
  }
  catch (error) {
    const what = error.name === 'TimeoutError' ? `no answer within ${patience / 1000} s` : 'no connection';
    throw new Trouble('gone', options.method ? `${what}: ${PERHAPS_DONE}` : what);
  }
}

async function request(path, options = {}, patience = PATIENCE) {
  const { response, text } = await send(path, options, patience);
  if (response.type === 'opaqueredirect' || response.status === 401) {
    throw new Trouble('access', ENDED);
  }
  if (response.status === 403) {
    if (options.method) {
      // a change without a session is refused as one that could be forged; to look says which it is
      await request('');
    }
    throw new Trouble('access', options.method ? NOT_TO_CHANGE : NOT_TO_SEE);
  }
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  }
  catch {
    // a page for people: what is logged in with, if the answer is no failure
    throw new Trouble('access', response.ok ? ENDED : `${response.status} ${response.statusText}`.trim());
  }
  if (!response.ok) {
    throw new Trouble('refused', body?.detail ?? `${response.status} ${response.statusText}`.trim());
  }
  return body;
}

const policyPath = (name) => `/policies/${encodeURIComponent(name)}`;
const keyPath = (name, key) => `/keys/${encodeURIComponent(name)}?${new URLSearchParams(key)}`;

export const read = () => request('');
export const why = (method, path) => request(`/why?${new URLSearchParams({ method, path })}`);
export const state = (policy, key) => request(keyPath(policy, key));
export const preview = (policy, limits) =>
  request(`/preview/${encodeURIComponent(policy)}?${new URLSearchParams({ limits })}`, {}, 2 * PATIENCE);
export const resetKey = (policy, key) => request(keyPath(policy, key), { method: 'DELETE' }, 2 * PATIENCE);
export const resetAll = (policy) => request(policyPath(policy), { method: 'DELETE' }, MORE_PATIENCE);

// The limits and the mode of a policy in one line.
export const stateOf = ({ limits, mode }) => `${limits.map((each) => each.limit ?? each).join(', ')}, ${mode}`;

// Changes a policy that still is what it was when the change was asked for.
export async function change(policy, before, to) {
  const now = await request(policyPath(policy));
  if (stateOf(now) !== stateOf(before)) {
    throw new Trouble('refused', `${policy} was changed meanwhile, to ${stateOf(now)}: nothing is done`);
  }
  return request(policyPath(policy), {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(to)
  }, 2 * PATIENCE);
}
