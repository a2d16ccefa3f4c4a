using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Sync;

namespace MagicFolder.Benchmarks;

/// <summary>A real directory of 10,000 files walked and compared with the records, nothing changed; for each file.</summary>
[MemoryDiagnoser]
public class ScanBenchmarks
{
    public const int Files = 10_000;

    private SharedFolder _folder = null!;
    private OpenedParticipant _alice = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _folder = await SharedFolder.FoundAsync(new EngineOptions());
        string directory = _folder.NewDirectory();
        SmallFiles.Write(directory, Files);
        _alice = await _folder.OpenAsync("alice", directory);
        await _alice.CaptureAsync();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _alice.DisposeAsync();
        _folder.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Files)]
    public int NothingChanged() => _alice.Scan();
}
