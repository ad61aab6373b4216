package io.ratelimit.it.docs;

/**
 * Where a snippet of the documentation has limits from.
 */
public interface TenantRepository {

	String limit();

}
