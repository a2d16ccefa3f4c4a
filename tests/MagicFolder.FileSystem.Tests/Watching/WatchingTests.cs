using MagicFolder.FileSystem.Watching;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Watching;

public sealed class WatchingTests
{
    [Fact]
    public async Task HintsAreDistinct()
    {
        var queue = new HintQueue(TimeProvider.System);
        queue.Add(P("a"));
        queue.Add(P("b"));
        queue.Add(P("a"));
        queue.Add(P(".magic-folder/staging/x"));
        var hints = await queue.NextAsync(TimeSpan.Zero, CancellationToken.None);
        hints.Everything.ShouldBeFalse();
        hints.Paths.Order().ShouldBe([P("a"), P("b")]);
        queue.Add(P("c"));
        (await queue.NextAsync(TimeSpan.Zero, CancellationToken.None)).Paths.ShouldBe([P("c")]);
    }

    [Fact]
    public async Task TooManyBecomeEverything()
    {
        var queue = new HintQueue(TimeProvider.System);
        for (int i = 0; i <= HintQueue.Capacity; i++) queue.Add(P($"{i}"));
        queue.Add(P("one more"));
        var hints = await queue.NextAsync(TimeSpan.Zero, CancellationToken.None);
        hints.Everything.ShouldBeTrue();
        hints.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoHintIsWaitedForUntilCancelled()
    {
        var queue = new HintQueue(TimeProvider.System);
        using var cancelled = new CancellationTokenSource();
        var next = queue.NextAsync(TimeSpan.Zero, cancelled.Token).AsTask();
        next.IsCompleted.ShouldBeFalse();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);
    }

    [Fact]
    public async Task ARealChangeIsHeard()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At(".magic-folder"));
        Directory.CreateDirectory(folder.At("d"));
        using var watcher = FolderWatcher.Start(folder.Root, TimeProvider.System);
        watcher.Trouble.ShouldBeNull();
        await File.WriteAllTextAsync(folder.At(".magic-folder/x"), "ours");
        await File.WriteAllTextAsync(folder.At("d/f"), "theirs");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        (await watcher.NextAsync(FolderWatcher.DefaultSettle, limit.Token)).Paths.ShouldBe([P("d/f")]);
    }

    [Fact]
    public async Task ANewDirectoryIsHintedAtAgain()
    {
        using var folder = new TempFolder();
        using var watcher = FolderWatcher.Start(folder.Root, TimeProvider.System);
        Directory.CreateDirectory(folder.At("new"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (int time = 0; time < 2; time++) (await watcher.NextAsync(TimeSpan.Zero, limit.Token)).Paths.ShouldBe([P("new")]);
    }

    [Fact]
    public async Task AFolderThatCannotBeWatchedIsTroubleAndNotACrash()
    {
        using var folder = new TempFolder();
        using var watcher = FolderWatcher.Start(folder.At("missing"), TimeProvider.System);
        watcher.Trouble.ShouldNotBeNull();
        (await watcher.NextAsync(TimeSpan.Zero, CancellationToken.None)).Everything.ShouldBeTrue();
    }

    private static RelativePath P(string path) => RelativePath.Parse(path);
}
