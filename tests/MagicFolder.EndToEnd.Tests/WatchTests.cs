using System.Diagnostics;
using System.Globalization;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Computer _computer = new();

    [Fact]
    public async Task ChangesGoBothWaysUntilItIsInterrupted()
    {
        _computer.Write("alice/file", "first");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");

        _computer.Write("alice/file", "edited by alice");
        await BecomesAsync("edited by alice", () => _computer.Read("bob/file"));
        _computer.Write("bob/file", "edited by bob");
        await BecomesAsync("edited by bob", () => _computer.Read("alice/file"));
        _computer.Write("bob/deep/er/new", "new");
        await BecomesAsync("new", () => _computer.Read("alice/deep/er/new"));
        _computer.Delete("alice/deep");
        await BecomesAsync(false, () => _computer.Exists("bob/deep"));
        // What is gone from the disk is not recorded yet; interrupted before that, it would rightly say that something remains.
        await BecomesAsync(true, () => watch.Output.Split('\n').Count(line => line.Contains(" bob: ", StringComparison.Ordinal) && line.Contains("brought here", StringComparison.Ordinal)) >= 2);

        watch.Interrupt();
        var result = await watch.EndAsync();
        result.ShouldExit(0).ShouldBeCalm();
        Directories.ShouldBeTheSame(_computer.At("alice"), _computer.At("bob"));
        (await _computer.SyncAsync("alice", "bob")).Output.ShouldContain("Nothing to do");
        Directory.GetFileSystemEntries(_computer.At("bob/.magic-folder/staging")).ShouldBeEmpty("what was read while it was replaced is looked after later");
    }

    [Fact]
    public async Task EditsAtTheSameTimeWhileWatchingStandBesideEachOther()
    {
        _computer.Write("alice/file", "first");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");

        _computer.Write("alice/file", "edited by alice");
        _computer.Write("bob/file", "edited by bob");

        // Whoever was seen first may have become known to the other in time; then there is no conflict, and the later edit is on both sides.
        await BecomesAsync(true, () => Contents("alice").SetEquals(Contents("bob")) && Contents("alice").Contains("edited by bob"));
        watch.Interrupt();
        await watch.EndAsync();
        (Contents("alice").Contains("edited by alice") || _computer.Read("bob/file") == "edited by bob").ShouldBeTrue();
    }

    [Fact]
    public async Task WithLowPriorityAllThatWorksGivesWay()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Reads the priority of each thread from /proc.");
        _computer.Write("alice/file", "first");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch", "--low-priority");
        await watch.SaysAsync("Watching");
        var workers = Directory.GetDirectories($"/proc/{watch.Id}/task").Where(task => CommOf(task).StartsWith(".NET TP Worker", StringComparison.Ordinal)).ToList();
        workers.ShouldNotBeEmpty();
        workers.ShouldAllBe(task => CommOf(task).Length == 0 || NiceOf(task) == 19);
        NiceOf($"/proc/{watch.Id}").ShouldBe(19);
    }

    /// <summary>Empty when the thread has ended.</summary>
    private static string CommOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [Fact]
    public async Task AnInterruptedFirstSyncLeavesNothingHalfDoneAndGoesOnLater()
    {
        foreach (int i in Enumerable.Range(0, 300)) _computer.Write($"alice/{i % 10}/{i}", SampleTree.Bytes(20_000 + i));
        using var run = _computer.Start("sync", "alice", "bob");
        await BecomesAsync(true, () => run.HasEnded || Directory.Exists(_computer.At("bob/.magic-folder/staging")));
        await Task.Delay(300);

        if (!run.HasEnded) run.Interrupt();
        var result = await run.EndAsync();
        result.ShouldBeCalm();
        result.ExitCode.ShouldBeOneOf(0, 1);
        foreach (var (path, found) in TreeListing.Of(_computer.At("bob")).Items)
            if (found.StartsWith("file", StringComparison.Ordinal)) TreeListing.Of(_computer.At("alice")).Items[path].ShouldBe(found);

        await _computer.SyncAsync("alice", "bob");
        Directory.GetFileSystemEntries(_computer.At("bob/.magic-folder/staging")).ShouldBeEmpty();
    }

    public void Dispose() => _computer.Dispose();

    private HashSet<string> Contents(string side) => [.. _computer.Names(side).Select(name => _computer.Read($"{side}/{name}"))];

    private static async Task BecomesAsync<T>(T expected, Func<T> observe)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            T? seen = default;
            try
            {
                seen = observe();
                if (Equals(seen, expected)) return;
            }
            catch (IOException)
            {
                // Between two looks a name may come or go.
            }
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException($"It did not become {expected}; it is {seen}.");
            await Task.Delay(20);
        }
    }

    /// <summary>The 19th field of proc_pid_stat(5); the second is a name in parentheses.</summary>
    private static int NiceOf(string task)
    {
        string stat = File.ReadAllText($"{task}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
