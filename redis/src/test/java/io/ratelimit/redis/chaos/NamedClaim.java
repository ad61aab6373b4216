package io.ratelimit.redis.chaos;

import io.ratelimit.Policy;

/**
 * A claim on the policy of a name.
 */
record NamedClaim(Policy policy, String key, long permits) {

}
