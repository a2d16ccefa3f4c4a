using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>A crash at any instant loses nothing, shows no half file, and needs no repair by hand.</summary>
public sealed class KillTests : IDisposable
{
    private const int Files = 2000;
    private const int Kills = 8;
    private readonly Computer _computer = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task KilledAgainAndAgainItCompletesAndNoHalfFileIsEverVisible(int seed)
    {
        var random = new Random(seed);
        MakeTree(random);
        var expected = TreeListing.Of(_computer.At("alice")).Items;

        bool ended = false;
        for (int kill = 0; kill < Kills && !ended; kill++) ended = await RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(300, 2500)));

        await _computer.SyncAsync("alice", "bob");
        Directories.Differences(expected, TreeListing.Of(_computer.At("bob")).Items).ShouldBeEmpty();
        Directories.Differences(expected, TreeListing.Of(_computer.At("alice")).Items).ShouldBeEmpty();
        Directory.GetFileSystemEntries(_computer.At("bob/.magic-folder/staging")).ShouldBeEmpty();
    }

    [Fact]
    public async Task KilledWhileEditsAreBroughtOverItLosesNoneOfThem()
    {
        var random = new Random(3);
        MakeTree(random);
        await _computer.SyncAsync("alice", "bob");
        foreach (int i in Enumerable.Range(0, Files))
        {
            if (i % 3 == 0) _computer.Write($"alice/{i % 20}/{i}", Content(i, "edited by alice"));
            if (i % 3 == 1) _computer.Write($"bob/{i % 20}/{i}", Content(i, "edited by bob"));
            if (i % 30 == 2) _computer.Delete($"bob/{i % 20}/{i}");
        }

        for (int kill = 0; kill < Kills / 2; kill++) if (await RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(600, 2500)))) break;

        await _computer.SyncAsync("alice", "bob");
        foreach (int i in Enumerable.Range(0, Files))
        {
            string path = $"alice/{i % 20}/{i}";
            if (i % 30 == 2) _computer.Exists(path).ShouldBeFalse(path);
            else File.ReadAllBytes(_computer.At(path)).ShouldBe(Content(i, (i % 3) switch { 0 => "edited by alice", 1 => "edited by bob", _ => "first" }), path);
        }
    }

    public void Dispose() => _computer.Dispose();

    private void MakeTree(Random random)
    {
        foreach (int i in Enumerable.Range(0, Files)) _computer.Write($"alice/{i % 20}/{i}", Content(i, "first"));
        foreach (int i in Enumerable.Range(0, 3)) _computer.Write($"alice/large {i}", SampleTree.Bytes(random.Next(2_000_000, 6_000_000)));
    }

    private static byte[] Content(int i, string text) => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{text} {i}\n", 1 + (i % 97))));

    /// <summary>True if the program ended by itself before it was killed. What stands in bob's directory meanwhile is whole, at every look.</summary>
    private async Task<bool> RunAndKillAsync(TimeSpan after)
    {
        using var run = _computer.Start("sync", "alice", "bob");
        var looking = LookWhileAsync(() => !run.HasEnded);
        await Task.Delay(after);
        bool ended = run.HasEnded;
        if (!ended) run.Kill();
        await looking;
        (await run.EndAsync()).ShouldBeCalm();
        await LookAsync();
        return ended;
    }

    private async Task LookWhileAsync(Func<bool> goesOn)
    {
        while (goesOn())
        {
            await LookAsync();
            await Task.Delay(50);
        }
    }

    /// <summary>A file either is one of the versions that somebody made, or it is not there.</summary>
    private async Task LookAsync()
    {
        if (!_computer.Exists("bob")) return;
        var larges = new DirectoryInfo(_computer.At("bob")).EnumerateFiles("large*").ToArray();
        foreach (var large in larges) large.Length.ShouldBe(new FileInfo(_computer.At("alice/" + large.Name)).Length, large.Name);
        foreach (int i in Enumerable.Range(0, Files / 40).Select(n => n * 40))
        {
            byte[] found;
            try
            {
                found = await File.ReadAllBytesAsync(_computer.At($"bob/{i % 20}/{i}"));
            }
            catch (IOException)
            {
                continue;
            }
            new[] { "first", "edited by alice", "edited by bob" }.ShouldContain(text => Content(i, text).SequenceEqual(found), $"{i} is half a file");
        }
    }
}
