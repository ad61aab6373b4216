package io.ratelimit.caffeine;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import io.ratelimit.caffeine.PlanLookUp.Answer;
import io.ratelimit.caffeine.PlanLookUp.Question;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a minute what another resolver answers, of up to 100,000 keys. That
 * resolver is called on threads of this one, for each key by one at a time, and no
 * request waits for it longer than a quarter of a second. Where it fails or is late, the
 * plan that was last known stays, and a failure is remembered for a minute too. Safe for
 * use by many threads.
 */
/*
 * A look-up that is late goes on, and what it answers is kept; meanwhile its key is not
 * waited for again. Where as many look-ups are late as there are threads, the resolver
 * hangs, and is not called again until one of them ends.
 */
public final class CachedLimitResolver implements LimitResolver, AutoCloseable {

	/** Longest time that a request waits for a plan. */
	private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

	private static final int THREADS = 16;

	private static final int LONGEST_QUEUE = 1000;

	private static final Duration REMEMBERED = Duration.ofMinutes(1);

	/** For how long the plan of a key that is not seen is kept, in case of failures. */
	private static final Duration KEPT = Duration.ofHours(1);

	private static final int MAXIMUM_KEYS = 100_000;

	private final LimitResolver resolver;

	private final Ticker ticker;

	private final long longestWait;

	private final int threads;

	private final Cache<Question, Answer> answers;

	private final ConcurrentMap<Question, PlanLookUp> underWay = new ConcurrentHashMap<>();

	private final AtomicInteger late = new AtomicInteger();

	private final ThreadPoolExecutor executor;

	/** Runs what follows on a look-up that no thread waits for. */
	private final ThreadPoolExecutor continuations;

	private final LookUpFailures failures = new LookUpFailures();

	private final LookUpTimes times = new LookUpTimes();

	/**
	 * Creates a resolver that remembers.
	 * @param resolver the resolver that knows the plans
	 * @param ticker the clock by which answers are remembered
	 */
	public CachedLimitResolver(LimitResolver resolver, Ticker ticker) {
		this(resolver, ticker, LONGEST_WAIT, THREADS);
	}

	CachedLimitResolver(LimitResolver resolver, Ticker ticker, Duration longestWait, int threads) {
		this.resolver = resolver;
		this.ticker = ticker;
		this.longestWait = longestWait.toNanos();
		this.threads = threads;
		this.answers = Caffeine.newBuilder().maximumSize(MAXIMUM_KEYS).expireAfterWrite(KEPT).ticker(ticker).build();
		this.executor = executor(threads, threads, new LinkedBlockingQueue<>(LONGEST_QUEUE));
		this.continuations = executor(0, Integer.MAX_VALUE, new SynchronousQueue<>());
	}

	private static ThreadPoolExecutor executor(int least, int most, BlockingQueue<Runnable> queue) {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		AtomicInteger number = new AtomicInteger();
		ThreadPoolExecutor executor = new ThreadPoolExecutor(least, most, 10, TimeUnit.SECONDS, queue, (task) -> {
			Thread thread = new Thread(null, task, "ratelimit-plans-" + number.incrementAndGet(), 0, false);
			thread.setDaemon(true);
			thread.setContextClassLoader(classLoader);
			return thread;
		});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	@Override
	public @Nullable Plan plan(String policy, String key) {
		Question question = new Question(policy, key);
		Answer known = this.answers.getIfPresent(question);
		return (known != null && isFresh(known)) ? known.plan() : lookUp(question, known);
	}

	@Override
	public CompletionStage<@Nullable Plan> planAsync(String policy, String key) {
		Question question = new Question(policy, key);
		Answer known = this.answers.getIfPresent(question);
		if (known != null && isFresh(known)) {
			return CompletableFuture.completedStage(known.plan());
		}
		PlanLookUp lookUp = begin(question);
		return (lookUp == null) ? CompletableFuture.completedStage(plan(known)) : lookUp.awaitAsync(this.longestWait)
			.thenApplyAsync((ended) -> ended(lookUp, ended, known), this.continuations);
	}

	@Override
	public void forget(String policy, String key) {
		Question question = new Question(policy, key);
		this.underWay.remove(question);
		this.answers.invalidate(question);
		this.resolver.forget(policy, key);
	}

	@Override
	public void forgetAll(String policy) {
		this.underWay.keySet().removeIf((question) -> question.policy().equals(policy));
		this.answers.asMap().keySet().removeIf((question) -> question.policy().equals(policy));
		this.resolver.forgetAll(policy);
	}

	/**
	 * Returns how many look-ups had an outcome.
	 * @param outcome the outcome
	 * @return the number of look-ups so far
	 */
	public long lookUps(Outcome outcome) {
		return this.times.count(outcome);
	}

	/**
	 * Returns how long look-ups took that had an outcome; for those that were late, how
	 * long they were waited for.
	 * @param outcome the outcome
	 * @return the sum of their times, in nanoseconds
	 */
	public long nanos(Outcome outcome) {
		return this.times.nanos(outcome);
	}

	/**
	 * Ends the threads. What is remembered is still answered.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
		this.continuations.shutdown();
	}

	private @Nullable Plan lookUp(Question question, @Nullable Answer known) {
		PlanLookUp lookUp = begin(question);
		return (lookUp == null) ? plan(known) : ended(lookUp, lookUp.await(this.longestWait), known);
	}

	/**
	 * Begins a look-up, or joins the one that is under way.
	 * @return the look-up, or {@code null} if too many are late
	 */
	private @Nullable PlanLookUp begin(Question question) {
		PlanLookUp underWay = this.underWay.get(question);
		if (underWay != null) {
			return underWay;
		}
		if (this.late.get() >= this.threads) {
			this.times.add(Outcome.NOT_ASKED, 0);
			return null;
		}
		PlanLookUp started = new PlanLookUp(question, this::ended);
		PlanLookUp other = this.underWay.putIfAbsent(question, started);
		if (other != null) {
			return other;
		}
		start(started);
		return started;
	}

	/**
	 * Returns what is known once a look-up has ended, or is late.
	 */
	private @Nullable Plan ended(PlanLookUp lookUp, boolean ended, @Nullable Answer known) {
		Question question = lookUp.question();
		if (!ended && lookUp.becomesLate()) {
			this.late.incrementAndGet();
			this.times.add(Outcome.LATE, this.longestWait);
			this.failures.failed(question.policy(), null, this.ticker.read());
		}
		Answer answer = this.answers.getIfPresent(question);
		return plan((answer != null) ? answer : known);
	}

	private void start(PlanLookUp lookUp) {
		Answer known = this.answers.getIfPresent(lookUp.question());
		if (known != null && isFresh(known)) {
			// another look-up has ended in between
			this.underWay.remove(lookUp.question(), lookUp);
			lookUp.cancel();
			return;
		}
		try {
			this.executor.execute(() -> lookUp.run(this.resolver));
		}
		catch (RejectedExecutionException ex) {
			this.underWay.remove(lookUp.question(), lookUp);
			lookUp.cancel();
			this.times.add(Outcome.NOT_ASKED, 0);
		}
	}

	/**
	 * Keeps what a look-up came to, unless its key was forgotten meanwhile.
	 */
	private void ended(PlanLookUp lookUp, boolean late, @Nullable Plan plan, @Nullable Throwable failure) {
		Question question = lookUp.question();
		long now = this.ticker.read();
		this.answers.asMap()
			.compute(question, (same, known) -> (this.underWay.get(same) != lookUp) ? known
					: new Answer((failure != null) ? plan(known) : plan, now));
		this.underWay.remove(question, lookUp);
		if (late) {
			this.late.decrementAndGet();
			return;
		}
		this.times.add((failure != null) ? Outcome.FAILED : Outcome.ANSWERED, lookUp.nanos());
		if (failure != null) {
			this.failures.failed(question.policy(), failure, now);
		}
		else {
			this.failures.answered();
		}
	}

	private boolean isFresh(Answer answer) {
		return this.ticker.read() - answer.since() < REMEMBERED.toNanos();
	}

	private static @Nullable Plan plan(@Nullable Answer answer) {
		return (answer != null) ? answer.plan() : null;
	}

	/**
	 * What a look-up came to.
	 */
	public enum Outcome {

		/** The resolver has answered in time. */
		ANSWERED,

		/** The resolver has thrown, in time. */
		FAILED,

		/** The resolver has not ended within a quarter of a second. */
		LATE,

		/** The resolver was not asked, as too many look-ups were late or waited. */
		NOT_ASKED;

		/**
		 * Returns the name as it stands in metrics: {@code not-asked}.
		 * @return the lower-case name
		 */
		public String id() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
