using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Sync;

namespace MagicFolder.Benchmarks;

/// <summary>2,000 small files that another has published, brought to an empty real directory from a grid that is a directory: planned, read, staged, put in place, recorded; for each file.</summary>
[MemoryDiagnoser]
public class ApplyBenchmarks
{
    public const int Files = 2_000;

    private SharedFolder _folder = null!;
    private OpenedParticipant _bob = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _folder = await SharedFolder.FoundAsync(new EngineOptions());
        string directory = _folder.NewDirectory();
        SmallFiles.Write(directory, Files);
        await using var alice = await _folder.OpenAsync("alice", directory);
        await alice.CaptureAsync();
        await alice.PublishAsync();
    }

    /// <summary>A new directory, and a state that has joined the tree.</summary>
    [IterationSetup]
    public void Open()
    {
        _bob = _folder.OpenAsync("bob", _folder.NewDirectory()).GetAwaiter().GetResult();
        _bob.PullAsync().GetAwaiter().GetResult();
    }

    [IterationCleanup]
    public void Close() => _bob.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => _folder.Dispose();

    [Benchmark(OperationsPerInvoke = Files)]
    public Task<int> ToEmptyDirectory() => _bob.ApplyAsync();
}
