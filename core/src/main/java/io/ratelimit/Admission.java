package io.ratelimit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one request or call was granted, or why not. Ends once, by {@link #giveBack} or by
 * {@link #close}, whichever is called first; calls after that have no effect. Safe for
 * use by many threads.
 */
public final class Admission implements AutoCloseable {

	private static final Line[] NONE = {};

	private static final VarHandle ENDED;

	static {
		try {
			ENDED = MethodHandles.lookup().findVarHandle(Admission.class, "ended", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** The only claim; {@code null} if there are several, or none that took anything. */
	private final @Nullable Line line;

	private final Line[] lines;

	private final List<Decision> decisions;

	private final @Nullable StoreFailures failures;

	@SuppressWarnings("unused") // by the handle
	private volatile boolean ended;

	Admission(Line[] lines, StoreFailures failures) {
		this.line = null;
		this.lines = lines;
		this.decisions = decisions(lines);
		this.failures = failures;
	}

	Admission(Line line, StoreFailures failures) {
		this.line = line;
		this.lines = NONE;
		this.decisions = List.of(line.decision());
		this.failures = failures;
	}

	private Admission(List<Decision> decisions) {
		this.line = null;
		this.lines = NONE;
		this.decisions = List.copyOf(decisions);
		this.failures = null;
	}

	/**
	 * Returns an admission of decisions that took nothing.
	 * @param decisions the decisions
	 * @return the admission
	 */
	public static Admission of(Decision... decisions) {
		return new Admission(List.of(decisions));
	}

	/**
	 * Returns whether the request or call may go on.
	 * @return whether no decision {@linkplain Decision#refuses() refuses}
	 */
	public boolean granted() {
		for (int i = 0; i < this.decisions.size(); i++) {
			if (this.decisions.get(i).refuses()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns the decision on each claim.
	 * @return an unmodifiable list, in the order of the claims
	 */
	public List<Decision> decisions() {
		return this.decisions;
	}

	/**
	 * Returns the decision that clients see: of those that refuse the one with the
	 * longest wait, else the one with the least left.
	 * @return the decision; {@code null} if no enforced policy has counted
	 */
	public @Nullable Decision binding() {
		return Decision.binding(this.decisions);
	}

	/**
	 * Returns how long to wait before what was granted may be done.
	 * @return the longest delay of the enforced policies, in nanoseconds
	 */
	public long delayNanos() {
		return Decision.delayNanos(this.decisions);
	}

	/**
	 * Begins to give back what was granted, to the store that granted it, as if there had
	 * been no request. Only while nothing was done for it. Does not wait for the store,
	 * and never throws.
	 */
	public void giveBack() {
		if (end() && this.failures != null) {
			if (this.line != null) {
				this.line.giveBack(this.failures);
			}
			for (Line each : this.lines) {
				each.giveBack(this.failures);
			}
		}
	}

	/**
	 * Ends an admission that had to wait for longer than can be waited: gives back what
	 * was granted.
	 * @return the refusal that it comes to, as if no limit allowed a delay
	 */
	public Admission breakOff() {
		giveBack();
		return new Admission(this.decisions.stream().map(Decision::withoutDelay).toList());
	}

	/**
	 * Notes that the request or call has ended, and what was granted is used up. Never
	 * throws.
	 */
	@Override
	public void close() {
		end();
	}

	private boolean end() {
		return ENDED.compareAndSet(this, false, true);
	}

	private static List<Decision> decisions(Line[] lines) {
		if (lines.length == 2) {
			return List.of(lines[0].decision(), lines[1].decision());
		}
		Decision[] decisions = new Decision[lines.length];
		for (int i = 0; i < decisions.length; i++) {
			decisions[i] = lines[i].decision();
		}
		return List.of(decisions);
	}

}
