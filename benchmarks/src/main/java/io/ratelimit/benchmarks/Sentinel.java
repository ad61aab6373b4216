package io.ratelimit.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import com.alibaba.csp.sentinel.Constants;
import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRule;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRuleManager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Sentinel: a resource with a flow rule in permits a second. For one key only: beyond
 * {@value com.alibaba.csp.sentinel.Constants#MAX_SLOT_CHAIN_SIZE} resources it lets
 * everything through without a word.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Sentinel {

	@Setup
	public void setUp(Load load) {
		if (load.keys > Constants.MAX_SLOT_CHAIN_SIZE) {
			throw new IllegalArgumentException("Sentinel does not limit so many resources");
		}
		FlowRuleManager.loadRules(List.of(load.addresses)
			.stream()
			.map((key) -> new FlowRule(key).setCount((load.outcome == Outcome.ALLOWED) ? load.permits() : 0))
			.toList());
		load.check(Sentinel::enter);
	}

	@Benchmark
	public boolean enter(Cursor cursor) {
		return enter(cursor.next());
	}

	private static boolean enter(String resource) {
		try {
			Entry entry = SphU.entry(resource);
			entry.exit();
			return true;
		}
		catch (BlockException ex) {
			return false;
		}
	}

}
