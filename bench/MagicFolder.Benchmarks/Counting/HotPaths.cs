using MagicFolder.Benchmarks.Folders;
using MagicFolder.Sync;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>The work that is counted: what the benchmarks measure, each once, on one flow and always in the same order.</summary>
internal static class HotPaths
{
    private const int Mebibytes = ContentBenchmarks.Bytes / (1024 * 1024);
    private const int Files = CaptureBenchmarks.Files;

    internal static async Task RunAsync(Meter meter)
    {
        await RunEncodingAsync(meter);
        await RunContentAsync(meter);
        await RunTreesAsync(meter);
        await RunStateAsync(meter);
        await RunFolderAsync(meter);
    }

    private static async Task RunEncodingAsync(Meter meter)
    {
        foreach (string code in (string[])["1-of-1 in 128", "3-of-10 in 1024"])
        {
            var encoding = new EncodingBenchmarks { Code = code };
            await encoding.SetUpAsync();
            await meter.MeasureAsync($"encode {code} KiB, a MiB", Mebibytes, encoding.Write);
            await meter.MeasureAsync($"decode {code} KiB, a MiB", Mebibytes, encoding.ReadFirst);
        }
    }

    private static async Task RunContentAsync(Meter meter)
    {
        var content = new ContentBenchmarks { Threads = 1 };
        await content.SetUpAsync();
        await meter.MeasureAsync("chunk, a MiB", Mebibytes, () => _ = content.Cut());
        await meter.MeasureAsync("write content, a MiB", Mebibytes, content.Write);
        await meter.MeasureAsync("read content, a MiB", Mebibytes, content.Read);
    }

    private static async Task RunTreesAsync(Meter meter)
    {
        var nodes = new NodeBenchmarks();
        nodes.SetUp();
        await meter.MeasureAsync("encode nodes, an entry", NodeBenchmarks.Entries, () => _ = nodes.Encode());
        await meter.MeasureAsync("decode nodes, an entry", NodeBenchmarks.Entries, () => _ = nodes.Decode());

        var join = new JoinBenchmarks();
        join.SetUp();
        await meter.MeasureAsync("join, 500 of 10,000 changed on each side, an entry", JoinBenchmarks.Entries, () => _ = join.BothChanged());
        await meter.MeasureAsync("join, ours empty, an entry", JoinBenchmarks.Entries, () => _ = join.OursEmpty());
    }

    private static async Task RunStateAsync(Meter meter)
    {
        var state = new StateBenchmarks();
        state.SetUp();
        meter.Tally.Follow(state.State);
        await meter.MeasureAsync("write records, a record", StateBenchmarks.Records, state.Write);
        await meter.MeasureAsync("read records, a record", StateBenchmarks.Records, () => _ = state.ReadAll());
        await meter.MeasureAsync("find records, a record", StateBenchmarks.Records, () => _ = state.Find());
        state.CleanUp();
    }

    /// <summary>From a directory to the grid, and from there to another directory.</summary>
    private static async Task RunFolderAsync(Meter meter)
    {
        using var folder = await SharedFolder.FoundAsync(new EngineOptions { Background = false, Threads = 1 }, meter.Tally);
        string directory = folder.NewDirectory();
        SmallFiles.Write(directory, Files);
        await using (var alice = await folder.OpenAsync("alice", directory))
        {
            await meter.MeasureAsync("capture, a file", Files, alice.CaptureAsync);
            await meter.MeasureAsync("publish, a file", Files, alice.PublishAsync);
            await meter.MeasureAsync("scan, a file", Files, () => _ = alice.Scan());
        }
        await using var bob = await folder.OpenAsync("bob", folder.NewDirectory());
        await meter.MeasureAsync("pull, a file", Files, bob.PullAsync);
        await meter.MeasureAsync("apply, a file", Files, bob.ApplyAsync);
        await bob.RunRoundAsync();
        await meter.MeasureAsync("round without changes, a file", Files, bob.RunRoundAsync);
    }
}
