using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Capturing;

public sealed class SettlingTests
{
    private const long Hour = 3_600_000_000_000;
    private const long Now = 400_000 * Hour;

    private static readonly RelativePath Path = RelativePath.Parse("f");
    private static readonly DiskStat Ahead = new(DiskKind.File, 5, Now + Hour + 1, Now + Hour + 1, 7, 1, 420, 1);

    private readonly StandingTime _time = new();
    private readonly Settling _settling;

    public SettlingTests() => _settling = new Settling(_time);

    [Fact]
    public void WhatIsAheadOfTheClockSettlesWithALookAGranuleLater()
    {
        IsRacy(Ahead).ShouldBeTrue();
        _time.Pass(TimeSpan.FromMilliseconds(19));
        IsRacy(Ahead).ShouldBeTrue();
        _time.Pass(TimeSpan.FromMilliseconds(1));
        IsRacy(Ahead).ShouldBeFalse();
    }

    [Fact]
    public void WholeSecondsTakeTheGranuleOfADiskThatCountsIn2Seconds()
    {
        var whole = Ahead with { MtimeNs = Now + Hour };
        IsRacy(whole).ShouldBeTrue();
        _time.Pass(TimeSpan.FromSeconds(1));
        IsRacy(whole).ShouldBeTrue();
        _time.Pass(TimeSpan.FromSeconds(1));
        IsRacy(whole).ShouldBeFalse();
    }

    /// <summary>The clock of a server is an hour ahead: each write is.</summary>
    [Fact]
    public void AnotherChangeBeginsAnew()
    {
        IsRacy(Ahead).ShouldBeTrue();
        _time.Pass(TimeSpan.FromSeconds(1));
        var changed = Ahead with { CtimeNs = Ahead.CtimeNs + 1_000_000_000 };
        IsRacy(changed).ShouldBeTrue();
        _time.Pass(TimeSpan.FromSeconds(1));
        IsRacy(changed).ShouldBeFalse();
    }

    [Fact]
    public void TheLookCountsFromBeforeTheReading()
    {
        IsRacy(Ahead).ShouldBeTrue();
        var begun = _settling.Now();
        _time.Pass(TimeSpan.FromSeconds(1));
        _settling.IsRacy(Path, Ahead, begun).ShouldBeTrue();
    }

    [Fact]
    public void ThatTheClockWasSetSettlesNothing()
    {
        IsRacy(Ahead).ShouldBeTrue();
        _time.Set(TimeSpan.FromMinutes(59));
        IsRacy(Ahead).ShouldBeTrue();
    }

    [Fact]
    public void WhatIsFreshByTheClockStaysSoUntilItIsOlder()
    {
        var fresh = Ahead with { MtimeNs = Now + 1, CtimeNs = Now + 1 };
        IsRacy(fresh).ShouldBeTrue();
        _time.Pass(TimeSpan.FromMilliseconds(10));
        IsRacy(fresh).ShouldBeTrue();
        _time.Pass(TimeSpan.FromMilliseconds(20));
        IsRacy(fresh).ShouldBeFalse();
    }

    [Fact]
    public void WhatNobodyAskedForBetweenTwoLooksAtEverythingIsForgotten()
    {
        IsRacy(Ahead).ShouldBeTrue();
        _settling.ForgetUnasked();
        _time.Pass(TimeSpan.FromSeconds(1));
        IsRacy(Ahead).ShouldBeFalse();
        _settling.ForgetUnasked();
        _settling.ForgetUnasked();
        IsRacy(Ahead).ShouldBeTrue();
    }

    private bool IsRacy(DiskStat stat) => _settling.IsRacy(Path, stat, _settling.Now());

    private sealed class StandingTime : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _set;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        internal void Pass(TimeSpan time) => _passed += time;

        internal void Set(TimeSpan forward) => _set += forward;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(Now / 100) + _passed + _set;

        public override long GetTimestamp() => _passed.Ticks;
    }
}
