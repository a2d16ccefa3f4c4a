using MagicFolder.Sync.Guarding;

namespace MagicFolder.Sync.Tests.Guarding;

public sealed class DeletionWindowTests
{
    private readonly SettableTime _time = new();
    private readonly DeletionWindow _window;

    public DeletionWindowTests() => _window = new DeletionWindow(_time);

    [Theory]
    [InlineData(50, 200, true)]
    [InlineData(49, 100, false)]
    [InlineData(50, 201, false)]
    [InlineData(10, 10, true)]
    [InlineData(9, 9, false)]
    [InlineData(0, 0, false)]
    public void ManyAtOnceAreHeld(long vanished, long total, bool held) => _window.Holds(vanished, total).ShouldBe(held);

    [Fact]
    public void DeletionsThatTrickleInCountTogether()
    {
        for (int i = 0; i < 4; i++)
        {
            _window.Holds(10, 160 - (i * 10)).ShouldBeFalse();
            _window.Note(10);
            _time.Pass(TimeSpan.FromSeconds(1));
        }

        _window.Holds(10, 120).ShouldBeTrue();
    }

    [Fact]
    public void TheLastOfASmallFolderCountWithThoseBeforeThem()
    {
        _window.Holds(6, 12).ShouldBeFalse();
        _window.Note(6);

        _window.Holds(6, 6).ShouldBeTrue();
    }

    [Fact]
    public void WhatWasDeletedLongAgoDoesNotCount()
    {
        _window.Note(49);
        _time.Pass(TimeSpan.FromSeconds(31));

        _window.Holds(1, 51).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public void AClockThatIsSetMakesNoDeletionOlderOrYounger(int days)
    {
        _window.Note(49);
        _time.Now += TimeSpan.FromDays(days);
        _window.Holds(1, 51).ShouldBeTrue();
        _time.Pass(TimeSpan.FromSeconds(31));

        _window.Holds(1, 51).ShouldBeFalse();
    }

    [Fact]
    public void WhereNothingVanishedNothingIsHeld()
    {
        _window.Note(100);

        _window.Holds(0, 10).ShouldBeFalse();
    }
}
