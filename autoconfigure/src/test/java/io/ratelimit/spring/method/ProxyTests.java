package io.ratelimit.spring.method;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import io.ratelimit.annotation.RateLimited;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How calls are intercepted.
 */
class ProxyTests {

	@Test
	void classIsProxiedBySubclass() {
		try (LimitedApplication application = new LimitedApplication(Exports.class)) {
			Exports bean = application.bean(Exports.class);
			assertThat(AopUtils.isCglibProxy(bean)).isTrue();
			bean.run("x");
			assertRefused(() -> bean.run("x"));
		}
	}

	@Test
	void interfaceIsProxied() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Exports.class)) {
			Runner<?> bean = application.bean(Runner.class);
			assertThat(AopUtils.isJdkDynamicProxy(bean)).isTrue();
			run(bean, "x");
			run(bean, "y");
			assertRefused(() -> run(bean, "x"));
		}
	}

	@Test
	void finalMethodIsNoProblemOfAnInterfaceProxy() {
		try (LimitedApplication application = LimitedApplication.withInterfaceProxies(Sealed.class)) {
			Runner<?> bean = application.bean(Runner.class);
			run(bean, "x");
			assertRefused(() -> run(bean, "x"));
		}
	}

	@Test
	void bridgeMethodIsCountedOnce() {
		try (LimitedApplication application = new LimitedApplication(Exports.class)) {
			Runner<?> bean = application.bean(Runner.class);
			run(bean, "x");
			assertThat(application.calls().decided).hasSize(1);
			assertRefused(() -> application.bean(Exports.class).run("x"));
		}
	}

	@Test
	void genericMethodOfASuperclassIsCountedOnceHoweverItIsCalled() {
		try (LimitedApplication application = new LimitedApplication(TextStore.class)) {
			GenericStore<String> bean = application.bean(TextStore.class);
			bean.save("x");
			assertThat(application.calls().decided).hasSize(1);
			assertRefused(() -> application.bean(TextStore.class).save("x"));
		}
	}

	@Test
	void productThatIsAProxyItselfIsLimitedByItsInterface() {
		try (LimitedApplication application = new LimitedApplication(ClientFactory.class)) {
			Client client = application.bean(Client.class);
			assertThat(client.fetch("x")).isEqualTo("fetch");
			assertRefused(() -> client.fetch("x"));
			assertThat(client.free()).isEqualTo("free");
		}
	}

	@Test
	void redeclaredMethodOfAnInterfaceIsLimitedWhereItIsCalledByTheBaseInterface() {
		try (LimitedApplication application = new LimitedApplication(NotesFactory.class)) {
			Crud<Note> base = application.bean(Notes.class);
			assertThat(base.save(new Note())).isNull();
			assertThat(application.calls().decided).hasSize(1);
			assertRefused(() -> base.save(new Note()));
			assertRefused(() -> application.bean(Notes.class).save(new Note()));
			assertThat(base.find("x")).isNull();
			assertThat(base.find("x")).isNull();
		}
	}

	@Test
	void beanWithoutAnnotationIsNotProxied() {
		try (LimitedApplication application = new LimitedApplication(Plain.class)) {
			assertThat(AopUtils.isAopProxy(application.bean(Plain.class))).isFalse();
		}
	}

	@Test
	void adviceStandsInsideOfWhatComesFirstAndOutsideOfTransactions() {
		try (LimitedApplication application = new LimitedApplication(Exports.class, AroundIt.class)) {
			Exports bean = application.bean(Exports.class);
			List<?> trace = application.bean(AroundIt.class).trace;
			bean.run("x");
			assertThat(trace).asString().isEqualTo("[outer, inner]");
			assertRefused(() -> bean.run("x"));
			assertThat(trace).asString().isEqualTo("[outer, inner, outer]");
		}
	}

	@Test
	void orderCanBeSet() {
		RateLimitedAdvisor advisor = new RateLimitedAdvisor(Mockito::mock, () -> null, Mockito::mock, Mockito::mock,
				(text) -> text, Mockito::mock);
		assertThat(advisor.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE - 1000);
		advisor.setOrder(7);
		assertThat(advisor.getOrder()).isEqualTo(7);
	}

	@SuppressWarnings("unchecked")
	private static void run(Runner<?> runner, String text) {
		((Runner<String>) runner).run(text);
	}

	interface Runner<T> {

		void run(T input);

	}

	static class Exports implements Runner<String> {

		@Override
		@RateLimited(limits = "1/1m", key = "#text")
		public void run(String text) {
		}

	}

	static class GenericStore<T> {

		@RateLimited(limits = "1/1m", key = "#item")
		public void save(T item) {
		}

	}

	static class TextStore extends GenericStore<String> {

		@Override
		public void save(String item) {
		}

	}

	interface Client {

		@RateLimited(limits = "1/1m", key = "#url")
		String fetch(String url);

		String free();

	}

	static class ClientFactory implements FactoryBean<Client> {

		@Override
		public Client getObject() {
			return (Client) Proxy.newProxyInstance(Client.class.getClassLoader(), new Class<?>[] { Client.class },
					(proxy, method, arguments) -> method.getName());
		}

		@Override
		public Class<?> getObjectType() {
			return Client.class;
		}

	}

	static class Note {

	}

	interface Crud<T> {

		<S extends T> S save(S entity);

		T find(String id);

	}

	interface Notes extends Crud<Note> {

		@Override
		@RateLimited("one")
		<S extends Note> S save(S note);

	}

	interface MoreNotes extends Notes {

	}

	static class NotesFactory implements FactoryBean<Notes> {

		@Override
		public Notes getObject() {
			return (Notes) Proxy.newProxyInstance(Notes.class.getClassLoader(), new Class<?>[] { MoreNotes.class },
					(proxy, method, arguments) -> null);
		}

		@Override
		public Class<?> getObjectType() {
			return MoreNotes.class;
		}

	}

	static class Sealed implements Runner<String> {

		@Override
		@RateLimited("one")
		public final void run(String text) {
		}

	}

	static class Plain {

		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AroundIt {

		final List<String> trace = new ArrayList<>();

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		Advisor outer() {
			return advisor("outer", 100);
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		Advisor inner() {
			return advisor("inner", Ordered.LOWEST_PRECEDENCE);
		}

		private Advisor advisor(String name, int order) {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("run");
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				this.trace.add(name);
				return invocation.proceed();
			});
			advisor.setOrder(order);
			return advisor;
		}

	}

}
