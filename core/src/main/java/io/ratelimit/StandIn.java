package io.ratelimit;

/**
 * How many decisions were made in the place of a store that could not answer, and how.
 *
 * @param allowed allowed, and not counted
 * @param denied denied, and not counted
 * @param local counted in the local store
 */
record StandIn(long allowed, long denied, long local) {

	static final StandIn NONE = new StandIn(0, 0, 0);

	StandIn plus(StandIn other) {
		return new StandIn(this.allowed + other.allowed, this.denied + other.denied, this.local + other.local);
	}

	long total() {
		return this.allowed + this.denied + this.local;
	}

}
