package io.ratelimit.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How often each key comes.
 */
public enum Distribution {

	/** Every key as often as every other. */
	UNIFORM {
		@Override
		void draw(int keys, int[] order, SplittableRandom random) {
			Arrays.setAll(order, (index) -> random.nextInt(keys));
		}
	},

	/** The key of rank {@code r} with a weight of {@code 1 / r^0.99}, as in YCSB. */
	ZIPF {
		@Override
		void draw(int keys, int[] order, SplittableRandom random) {
			double[] upTo = new double[keys];
			double sum = 0;
			for (int i = 0; i < keys; i++) {
				sum += Math.pow(i + 1, -0.99);
				upTo[i] = sum;
			}
			double total = sum;
			Arrays.setAll(order, (index) -> {
				int found = Arrays.binarySearch(upTo, random.nextDouble() * total);
				return Math.min((found >= 0) ? found : -found - 1, keys - 1);
			});
		}
	};

	abstract void draw(int keys, int[] order, SplittableRandom random);

}
