package io.ratelimit.benchmarks;

/**
 * IPv4 addresses in text, scattered over the whole range and all distinct.
 */
final class Addresses {

	private static final int ODD = 0x9E37_79B1;

	private Addresses() {
	}

	/**
	 * Returns one address for each index.
	 */
	static String of(int index) {
		int bits = index * ODD;
		return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF);
	}

	/**
	 * Returns the first addresses.
	 */
	static String[] first(int count) {
		String[] addresses = new String[count];
		for (int i = 0; i < count; i++) {
			addresses[i] = of(i);
		}
		return addresses;
	}

}
