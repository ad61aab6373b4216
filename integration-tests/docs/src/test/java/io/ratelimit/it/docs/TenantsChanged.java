package io.ratelimit.it.docs;

/**
 * What a snippet of the documentation listens to.
 */
public record TenantsChanged() {
}
