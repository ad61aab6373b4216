package io.ratelimit.spring.observe;

import java.security.Principal;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The actuator endpoint {@code ratelimits}: the policies, whom they refuse and what is
 * left of a key; and where writing is allowed, their change while they are in use.
 */
/*
 * A parameter that may be left out carries two annotations: Spring Boot 3.5 knows only
 * the one of Spring, which is to go.
 */
@SuppressWarnings("deprecation")
@WebEndpoint(id = "ratelimits", defaultAccess = Access.READ_ONLY)
public final class RateLimitsEndpoint {

	private static final String POLICIES = "policies";

	private static final String KEYS = "keys";

	private static final String PREVIEW = "preview";

	private static final String WHY = "why";

	private final RateLimits registry;

	private final Offenders offenders;

	private final Settings settings;

	private final KeyNames names;

	private final PolicyReports reports;

	private final LivePolicies policies;

	private final GuardReports guards;

	private final Changes changes;

	/**
	 * Creates the endpoint.
	 * @param registry the limiters of the policies
	 * @param counts decisions so far
	 * @param offenders the keys being refused
	 * @param policies the policies, with what they are used for
	 * @param settings what applies to this application
	 * @param names stand for keys
	 * @param guards reports which policies guard a request
	 * @param changes makes and previews changes
	 */
	RateLimitsEndpoint(RateLimits registry, DecisionCounts counts, Offenders offenders, LivePolicies policies,
			Settings settings, KeyNames names, GuardReports guards, Changes changes) {
		this.registry = registry;
		this.offenders = offenders;
		this.settings = settings;
		this.names = names;
		this.reports = new PolicyReports(counts, offenders, policies, this::store, this.names);
		this.policies = policies;
		this.guards = guards;
		this.changes = changes;
	}

	/**
	 * Returns all policies.
	 * @param security the caller
	 * @return the policies
	 */
	@ReadOperation
	public WebEndpointResponse<Object> policies(SecurityContext security) {
		boolean showKeys = this.settings.showKeys().test(security);
		return new WebEndpointResponse<>(new PolicyReport.All(this.settings.instance().get(),
				this.settings.writable() && this.policies.enabled(), store(), OutageReport.of(this.registry.outage()),
				this.registry.policies().values().stream().map((policy) -> this.reports.of(policy, showKeys)).toList(),
				this.changes.list()));
	}

	/**
	 * Returns which policies guard requests, and why the others do not.
	 * @param resource what is meant: why
	 * @param method HTTP method of the requests; GET unless it is given
	 * @param path their path as it is sent
	 * @return the verdict of each policy
	 */
	@ReadOperation
	public WebEndpointResponse<Object> why(@Selector String resource,
			@org.springframework.lang.Nullable @Nullable String method,
			@org.springframework.lang.Nullable @Nullable String path) {
		if (!resource.equals(WHY)) {
			return unknown(resource);
		}
		try {
			return new WebEndpointResponse<>(this.guards.of(method, path));
		}
		catch (IllegalArgumentException ex) {
			return Problem.badRequest(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Returns a policy, what is left of a key, which is not charged for it, or what other
	 * limits would have refused lately.
	 * @param security the caller
	 * @param resource what is meant: policies, keys or preview
	 * @param policy name of the policy
	 * @param key the key
	 * @param id name of an offender, in place of its key
	 * @param limits the limits to try, separated by commas
	 * @return the policy, the state of the key or what the limits come to
	 */
	@ReadOperation
	public WebEndpointResponse<Object> read(SecurityContext security, @Selector String resource,
			@Selector String policy, @org.springframework.lang.Nullable @Nullable String key,
			@org.springframework.lang.Nullable @Nullable String id,
			@org.springframework.lang.Nullable @Nullable String limits) {
		return with(policy, (limiter) -> {
			require(limits == null || resource.equals(PREVIEW), "limits are tried below preview/" + policy);
			require((key == null && id == null) || resource.equals(KEYS), "a key is looked at below keys/" + policy);
			return switch (resource) {
				case POLICIES -> policy(security, limiter.policy());
				case KEYS -> with(policy, key, id, (same, found) -> state(security, limiter, found, id));
				case PREVIEW -> new WebEndpointResponse<>(this.changes.preview(policy, limits));
				default -> unknown(resource);
			};
		});
	}

	/**
	 * Replaces the limits of a policy, or switches its mode, or both, at once.
	 * @param security the caller
	 * @param resource what is meant: policies
	 * @param policy name of the policy
	 * @param limits the limits, separated by commas
	 * @param mode the mode
	 * @return the policy as it stands now
	 */
	@WriteOperation
	public WebEndpointResponse<Object> change(SecurityContext security, @Selector String resource,
			@Selector String policy, @org.springframework.lang.Nullable @Nullable String limits,
			@org.springframework.lang.Nullable @Nullable String mode) {
		return resource.equals(POLICIES)
				? with(policy, (limiter) -> policy(security, this.changes.change(who(security), limiter, limits, mode)))
				: unknown(resource);
	}

	/**
	 * Forgets what a key has used, or what every key of a policy has used.
	 * @param security the caller
	 * @param resource what is meant: keys, or policies for all keys of one
	 * @param policy name of the policy
	 * @param key the key
	 * @param id name of an offender, in place of its key
	 * @return no content
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> reset(SecurityContext security, @Selector String resource,
			@Selector String policy, @org.springframework.lang.Nullable @Nullable String key,
			@org.springframework.lang.Nullable @Nullable String id) {
		return switch (resource) {
			case KEYS -> with(policy, key, id, (limiter, found) -> {
				this.changes.reset(who(security), limiter, found, this.names.of(found));
				return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
			});
			case POLICIES -> with(policy, (limiter) -> {
				require(key == null && id == null,
						"a key is reset below keys/%s, and all of them here".formatted(policy));
				this.changes.resetAll(who(security), limiter);
				return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
			});
			default -> unknown(resource);
		};
	}

	/**
	 * Returns what is left of a key. A caller who may not see keys gets no id for the key
	 * that was typed: with it, guesses could be compared with the list of offenders.
	 */
	private WebEndpointResponse<Object> state(SecurityContext security, Limiter limiter, String key,
			@Nullable String id) {
		boolean showKey = this.settings.showKeys().test(security);
		String name = (showKey || id != null) ? this.names.of(key) : null;
		Decision decision = limiter.peek(key);
		return new WebEndpointResponse<>(KeyReport.of(decision, store(), name, showKey ? key : null));
	}

	private WebEndpointResponse<Object> policy(SecurityContext security, Policy policy) {
		return new WebEndpointResponse<>(this.reports.of(policy, this.settings.showKeys().test(security)));
	}

	private StoreReport store() {
		return StoreReport.of(this.settings.store(), this.registry.outage());
	}

	private WebEndpointResponse<Object> with(String policy, Function<Limiter, WebEndpointResponse<Object>> operation) {
		Limiter limiter;
		try {
			limiter = this.registry.limiter(policy);
		}
		catch (IllegalArgumentException ex) {
			return Problem.notFound(String.valueOf(ex.getMessage()));
		}
		try {
			return operation.apply(limiter);
		}
		catch (IllegalArgumentException ex) {
			return Problem.badRequest(String.valueOf(ex.getMessage()));
		}
		catch (RateLimitStoreException ex) {
			return Problem.unavailable("the store does not answer: " + ex.getMessage());
		}
	}

	/**
	 * Does something with a key.
	 */
	private WebEndpointResponse<Object> with(String policy, @Nullable String key, @Nullable String id,
			BiFunction<Limiter, String, WebEndpointResponse<Object>> operation) {
		return with(policy, (limiter) -> {
			if ((key == null) == (id == null)) {
				throw new IllegalArgumentException("say whose state is meant: either key=KEY, or id=ID of an offender");
			}
			String found = (key != null) ? this.settings.typed().apply(policy, key)
					: this.offenders.find(policy, (offender) -> this.names.of(offender).equals(id));
			return (found != null) ? operation.apply(limiter, found)
					: Problem
						.notFound("'%s' is no offender of policy '%s': an id is good for some minutes, on the instance "
							.formatted(id, policy) + "that has told it");
		});
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	private static WebEndpointResponse<Object> unknown(String resource) {
		return Problem.notFound(("there is no '%s' here: GET, POST and DELETE policies/NAME, GET and DELETE "
				+ "keys/NAME?key=KEY, GET preview/NAME?limits=LIMITS, GET why?method=METHOD&path=PATH are")
			.formatted(resource));
	}

	private static @Nullable String who(SecurityContext security) {
		Principal principal = security.getPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

	/**
	 * What applies to an application.
	 *
	 * @param instance this instance, as operators know it
	 * @param store where permits are counted
	 * @param writable whether writing is allowed; what is not allowed is not there
	 * @param typed converts a policy's name and a key as an operator writes it to the key
	 * as it is counted
	 * @param showKeys whether a caller may see keys
	 */
	record Settings(Supplier<String> instance, String store, boolean writable, BinaryOperator<String> typed,
			Predicate<SecurityContext> showKeys) {

	}

}
