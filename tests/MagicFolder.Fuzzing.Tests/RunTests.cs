using MagicFolder.Fuzzing.Runs;
using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing.Tests;

public sealed class RunTests
{
    [Fact]
    public void AnotherExceptionIsAFailure() => FailuresOf(new Flawed(Flaw.AnotherException)).ShouldContain(what => what.Contains("IndexOutOfRangeException", StringComparison.Ordinal));

    [Fact]
    public void AnAllocationOutOfProportionIsAFailure() => FailuresOf(new Flawed(Flaw.Allocation)).ShouldContain(what => what.Contains("allocated", StringComparison.Ordinal));

    [Fact]
    public void AHangIsReportedWithItsInput()
    {
        var seen = new SeenInput();
        using var watchdog = new Watchdog(seen.Set);
        watchdog.Begin([7]);

        // Uses processor time, as a hang does.
        while (seen.Input is null) Thread.SpinWait(1000);

        seen.Input.ShouldBe(new byte[] { 7 });
    }

    [Fact]
    public void ASeedGivesTheSameInputsAgain()
    {
        var first = Recorded(5);
        Recorded(5).ShouldBe(first);
        Recorded(6).ShouldNotBe(first);
    }

    private static IEnumerable<string> FailuresOf(FuzzTarget target)
    {
        using var watchdog = new Watchdog(_ => { });
        return new TargetRun(target, 1).Run(3000, TimeSpan.FromSeconds(20), watchdog, _ => { }).Failures.Keys;
    }

    private static string Recorded(int seed)
    {
        var target = new Flawed(Flaw.None);
        using var watchdog = new Watchdog(_ => { });
        new TargetRun(target, seed).Run(200, TimeSpan.FromSeconds(20), watchdog, _ => { });
        return string.Join(' ', target.Seen);
    }

    private enum Flaw
    {
        None,
        AnotherException,
        Allocation,
    }

    /// <summary>A length byte and that many bytes; the flaw shows only when the length is too great.</summary>
    private sealed class Flawed(Flaw flaw) : FuzzTarget
    {
        public List<string> Seen { get; } = [];

        public override string Name => "flawed";

        public override byte[] Generate(Random random) => [3, .. Some.Bytes(random, 3)];

        public override string Run(byte[] input)
        {
            if (Seen.Count < 1000) Seen.Add(Convert.ToHexString(input));
            if (input.Length == 0) throw new FormatException("empty");
            if (input[0] < input.Length) return "fits";
            if (flaw == Flaw.AnotherException) return $"{input[input[0]]}";
            if (flaw == Flaw.Allocation) GC.KeepAlive(new byte[1 << 22]);
            throw new FormatException("too short");
        }

        public override bool IsRefusal(Exception e) => e is FormatException;
    }

    private sealed class SeenInput
    {
        private volatile byte[]? _input;

        public byte[]? Input => _input;

        public void Set(byte[] input) => _input = input;
    }
}
