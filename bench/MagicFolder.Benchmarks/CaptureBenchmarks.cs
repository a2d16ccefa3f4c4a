using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Sync;

namespace MagicFolder.Benchmarks;

/// <summary>2,000 new small files of a real directory: scanned, read, stored on a grid that is a directory, and recorded; for each file.</summary>
[MemoryDiagnoser]
public class CaptureBenchmarks
{
    public const int Files = 2_000;

    private SharedFolder _folder = null!;
    private OpenedParticipant _alice = null!;
    private string _directory = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _folder = await SharedFolder.FoundAsync(new EngineOptions());
        _directory = _folder.NewDirectory();
        SmallFiles.Write(_directory, Files);
    }

    /// <summary>Of a state that knows nothing.</summary>
    [IterationSetup]
    public void Open() => _alice = _folder.OpenAsync("alice", _directory).GetAwaiter().GetResult();

    [IterationCleanup]
    public void Close() => _alice.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => _folder.Dispose();

    [Benchmark(OperationsPerInvoke = Files)]
    public Task<int> NewFiles() => _alice.CaptureAsync();
}
