using System.Threading.Channels;
using MagicFolder.FileSystem.Watching;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class WakeUpTests
{
    private static readonly RelativePath Restless = RelativePath.Parse("restless");
    private static readonly RelativePath Edited = RelativePath.Parse("edited");

    private readonly Channel<WatchHints> _hints = Channel.CreateUnbounded<WatchHints>();
    private readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();
    private readonly WakeUp _wake;

    public WakeUpTests() => _wake = new WakeUp(stop => _hints.Reader.ReadAsync(stop).AsTask(), _news.Reader, TimeProvider.System);

    [Fact]
    public async Task WhatDoesNotCountWakesNobody()
    {
        _hints.Writer.TryWrite(new WatchHints(false, [Restless]));
        _hints.Writer.TryWrite(new WatchHints(false, [Restless]));
        var waking = NextAsync();
        _hints.Writer.TryWrite(new WatchHints(false, [Restless, Edited]));
        (await waking).Paths.ShouldBe([Edited]);
        _hints.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task TheWordThatAnythingMayHaveChangedAlwaysCounts()
    {
        _hints.Writer.TryWrite(new WatchHints(true, []));
        (await NextAsync()).Everything.ShouldBeTrue();
    }

    [Fact]
    public async Task NewsOfOthersWake()
    {
        var waking = NextAsync();
        _news.Writer.TryWrite(true);
        (await waking).Paths.ShouldBeEmpty();
    }

    private Task<WatchHints> NextAsync() => _wake.NextAsync(TimeSpan.FromHours(1), path => path != Restless, TestContext.Current.CancellationToken);
}
