using MagicFolder.Model;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class ReportingTablesTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(ReportingTablesTests));

    public void Dispose() => _state.Dispose();

    [Fact]
    public void ActivityIsReadNewestFirstAndTrimmedFromTheOldest()
    {
        for (int i = 1; i <= 10; i++) _state.Activity.Append(1000 - i, i % 2 == 0 ? Sample.Path("even") : null, "kind", $"text {i}");
        _state.Activity.Newest(3).ShouldBe(
        [
            new ActivityRow(10, 990, Sample.Path("even"), "kind", "text 10"),
            new ActivityRow(9, 991, null, "kind", "text 9"),
            new ActivityRow(8, 992, Sample.Path("even"), "kind", "text 8"),
        ]);
        _state.Activity.For(Sample.Path("even"), 2).Select(a => a.Id).ShouldBe([10, 8]);
        _state.Activity.For(Sample.Path("eve"), 2).ShouldBeEmpty();

        _state.Activity.Trim(20);
        _state.Activity.Newest(100).Count.ShouldBe(10);
        _state.Activity.Trim(4);
        _state.Activity.Newest(100).Select(a => a.Id).ShouldBe([10, 9, 8, 7]);
        _state.Activity.Trim(0);
        _state.Activity.Newest(100).ShouldBeEmpty();
        _state.Activity.Append(0, null, "k", "t");
        _state.Activity.Newest(1)[0].Id.ShouldBe(11, "an id is never used twice");
    }

    [Fact]
    public void ProblemsOfOneSourceAreReplacedTogether()
    {
        var fifo = new Problem("fifo", "not a file", "move it away");
        var denied = new Problem("secret", "permission denied", "chmod");
        var full = new Problem("secret", "disk full", "make room");
        _state.Problems.Put("scan", fifo);
        _state.Problems.Put("scan", denied with { Reason = "old" });
        _state.Problems.Put("scan", denied);
        _state.Problems.Put("apply", full);
        _state.Problems.All().ShouldBe([fifo, full, denied]);

        _state.Problems.Replace("scan", [denied]);
        _state.Problems.All().ShouldBe([full, denied]);
        _state.Problems.Remove("apply", "secret");
        _state.Problems.All().ShouldBe([denied]);
        _state.Problems.Clear();
        _state.Problems.All().ShouldBeEmpty();
    }

    [Fact]
    public void AReplacementThatFailsHalfwayChangesNothing()
    {
        var old = new Problem("a", "r", "a");
        _state.Problems.Put("scan", old);
        Should.Throw<TimeoutException>(() => _state.Problems.Replace("scan", FailingProblems()));
        _state.Problems.All().ShouldBe([old]);
    }

    [Fact]
    public void AReplacementThatFailsInsideATransactionSpoilsAllOfIt()
    {
        var old = new Problem("a", "r", "a");
        _state.Problems.Put("scan", old);
        using (var transaction = _state.Begin())
        {
            Should.Throw<TimeoutException>(() => _state.Problems.Replace("scan", FailingProblems()));
            Should.Throw<InvalidOperationException>(transaction.Commit);
        }
        _state.Problems.All().ShouldBe([old]);
    }

    private static IEnumerable<Problem> FailingProblems()
    {
        yield return new Problem("b", "r", "a");
        throw new TimeoutException();
    }
}
