package io.ratelimit.spring.method;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.AbstractController;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static io.ratelimit.spring.method.LimitedApplication.mistake;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that no proxy forwards to the bean: those of its own base class, and those of
 * methods that a proxy cannot override.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnproxiedCallTests {

	private static final String HERE = UnproxiedCallTests.class.getName() + "$";

	@Test
	void handlerOfAServletStopsTheStart() {
		InvalidRateLimitException mistake = mistake(Servlet.class);
		assertThat(mistake).hasMessage(HERE + "Servlet.doGet(HttpServletRequest, HttpServletResponse): it cannot be "
				+ "limited, since jakarta.servlet.http.HttpServlet calls it on the object itself, past the proxy");
		assertThat(mistake.action()).isEqualTo(
				"Use a policy with paths, or move the annotation to a method of another bean that this one calls.");
	}

	@Test
	void handlerOfAServletThatIsPublicStopsTheStart() {
		assertThat(mistake(PublicServlet.class)).hasMessageContaining("PublicServlet.doPost(")
			.hasMessageContaining("jakarta.servlet.http.HttpServlet calls it");
	}

	@Test
	void methodThatABaseClassOfSpringCallsStopsTheStart() {
		assertThat(mistake(Page.class)).hasMessageContaining("Page.handleRequestInternal(")
			.hasMessageContaining(AbstractController.class.getName() + " calls it");
	}

	@Test
	void methodThatABaseClassOfABaseClassCallsStopsTheStart() {
		assertThat(mistake(PageOfPage.class)).hasMessageContaining("Page.handleRequestInternal(");
	}

	@Test
	void publicMethodOfAServletIsLimited(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(OwnMethod.class)) {
			OwnMethod bean = application.bean(OwnMethod.class);
			bean.run();
			assertRefused(bean::run);
		}
		assertThat(output).doesNotContain("past the proxy", "run on the proxy");
	}

	@Test
	void methodThatASuperclassOfTheApplicationCallsIsNamedOnce(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(Job.class, OtherJob.class)) {
			Job bean = application.bean(Job.class);
			bean.run();
			bean.run();
			bean.step();
			assertRefused(bean::step);
		}
		assertThat(output).containsOnlyOnce(HERE + "Job carries @RateLimited on methods that its superclass may call "
				+ "on the object itself, past the proxy; such calls are not limited: [" + HERE + "Job.step(), " + HERE
				+ "Job.stepOfPackage()]");
		assertThat(output).doesNotContain("OtherJob");
	}

	@Test
	void abstractMethodThatCarriesTheAnnotationIsNamedInTheSubclass(CapturedOutput output) {
		try (LimitedApplication application = new LimitedApplication(AnnotatedStep.class)) {
			assertThat(application.bean(AnnotatedStep.class)).isNotNull();
		}
		assertThat(output)
			.containsOnlyOnce("past the proxy; such calls are not limited: [" + HERE + "AnnotatedStep.step()]");
	}

	@SuppressWarnings("serial")
	static class Servlet extends HttpServlet {

		@Override
		@RateLimited("one")
		protected void doGet(HttpServletRequest request, HttpServletResponse response) {
		}

	}

	@SuppressWarnings("serial")
	static class PublicServlet extends HttpServlet {

		@Override
		@RateLimited("one")
		public void doPost(HttpServletRequest request, HttpServletResponse response) {
		}

	}

	@SuppressWarnings("serial")
	static class OwnMethod extends HttpServlet {

		@RateLimited("one")
		public void run() {
		}

	}

	static class Page extends AbstractController {

		@Override
		@RateLimited("one")
		protected @Nullable ModelAndView handleRequestInternal(HttpServletRequest request,
				HttpServletResponse response) {
			return null;
		}

	}

	static class PageOfPage extends Page {

	}

	abstract static class Template {

		public void run() {
			step();
			stepOfPackage();
		}

		protected abstract void step();

		void stepOfPackage() {
		}

		protected void free() {
		}

	}

	static class Job extends Template {

		@Override
		@RateLimited("one")
		protected void step() {
		}

		@Override
		@RateLimited("one")
		void stepOfPackage() {
		}

		@RateLimited("one")
		protected void own() {
		}

		@Override
		protected void free() {
		}

	}

	@RateLimited("two")
	static class OtherJob extends Template {

		@Override
		protected void step() {
		}

	}

	abstract static class AnnotatedTemplate {

		@RateLimited("one")
		protected abstract void step();

	}

	static class AnnotatedStep extends AnnotatedTemplate {

		@Override
		protected void step() {
		}

	}

}
