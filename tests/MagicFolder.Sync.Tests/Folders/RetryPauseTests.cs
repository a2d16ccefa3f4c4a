using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class RetryPauseTests
{
    [Fact]
    public void WhatStopsInEachRoundIsTriedEverLaterUntilOneGoesWell()
    {
        var pause = new RetryPause();
        Stop().ShouldBe(RetryPause.Least);
        Stop().ShouldBe(RetryPause.Least * 2);
        Stop().ShouldBe(RetryPause.Least * 4);
        for (int i = 0; i < 10; i++) Stop();
        Stop().ShouldBe(RetryPause.Most);
        pause.WentWell();
        Stop().ShouldBe(RetryPause.Least);

        TimeSpan Stop()
        {
            pause.Opened();
            return pause.Next();
        }
    }

    [Fact]
    public void WhatCannotBeOpenedIsTriedSoonAgain()
    {
        var pause = new RetryPause();
        for (int i = 0; i < 10; i++) pause.Next().ShouldBe(RetryPause.Least);
    }
}
