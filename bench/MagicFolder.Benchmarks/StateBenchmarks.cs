using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Model.Materialized;
using MagicFolder.State;

namespace MagicFolder.Benchmarks;

/// <summary>10,000 records written to a state database in one transaction, read one after another, and looked for one by one; for each record.</summary>
[MemoryDiagnoser]
public class StateBenchmarks
{
    public const int Records = ManyEntries.Count;

    private readonly MaterializedRecord[] _records = ManyEntries.Records();
    private string _directory = "";

    internal ParticipantDatabase State { get; private set; } = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _directory = Directory.CreateTempSubdirectory("magic-folder-bench-").FullName;
        State = ParticipantDatabase.Open(Path.Combine(_directory, "state.db"));
        Write();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        State.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>In place of the same ones; durable at the end.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Write()
    {
        using var transaction = State.Begin();
        foreach (var record in _records) State.Records.Put(record);
        transaction.Commit();
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int ReadAll() => State.Records.All().Count();

    [Benchmark(OperationsPerInvoke = Records)]
    public int Find()
    {
        int found = 0;
        foreach (var record in _records)
            if (State.Records.Find(record.Path) is not null) found++;
        return found;
    }
}
