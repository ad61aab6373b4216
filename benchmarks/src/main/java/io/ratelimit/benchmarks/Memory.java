package io.ratelimit.benchmarks;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Measures how many bytes a key takes beside the key itself: the heap after collections,
 * less what it was when only the keys were there. Each number comes from a JVM of its
 * own.
 */
public final class Memory {

	private static final int WARM_UP = 100;

	private Memory() {
	}

	/**
	 * Prints a table, or one number of it.
	 * @param args nothing, or a {@link Subject} and a {@link Use}
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		if (args.length == 2) {
			System.out.print(bytesPerKey(Subject.valueOf(args[0]), Use.valueOf(args[1])));
			return;
		}
		System.out.print("| bytes a key |");
		for (Use use : Use.values()) {
			System.out.print(" " + use.text + " |");
		}
		System.out.println("\n|---|" + "---:|".repeat(Use.values().length));
		for (Subject subject : Subject.values()) {
			System.out.print("| " + subject.text + " |");
			for (Use use : Use.values()) {
				System.out.print(" " + inItsOwnJvm(subject, use) + " |");
			}
			System.out.println();
		}
	}

	private static long bytesPerKey(Subject subject, Use use) throws InterruptedException {
		String[] keys = Addresses.first(use.keys);
		subject.open(use).take(Addresses.of(-1), WARM_UP);
		long before = Heap.settled();
		Subject.Limiter limiter = subject.open(use);
		try {
			use.of(limiter, keys);
			return Math.round((double) (Heap.settled() - before) / use.keys);
		}
		finally {
			Reference.reachabilityFence(limiter);
			Reference.reachabilityFence(keys);
		}
	}

	private static String inItsOwnJvm(Subject subject, Use use) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xms3g", "-Xmx3g", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				Memory.class.getName(), subject.name(), use.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		int exit = process.waitFor();
		if (exit != 0) {
			throw new IllegalStateException("%s, %s: exit code %d".formatted(subject, use, exit));
		}
		return answer;
	}

}
