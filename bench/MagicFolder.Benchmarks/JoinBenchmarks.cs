using BenchmarkDotNet.Attributes;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Model.Joining;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Benchmarks;

/// <summary>Trees of 10,000 entries joined, with nodes in memory, most of them decoded already; for each entry.</summary>
[MemoryDiagnoser]
public class JoinBenchmarks
{
    public const int Entries = ManyEntries.Count;

    private readonly VersionContext _before = VersionContext.Empty.With(ManyEntries.Actor(1), 1);
    private readonly MemoryNodes _nodes = new();
    private Dmt _common = null!;
    private Dmt _ours = null!;
    private Dmt _theirs = null!;
    private Dmt _empty = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _common = ManyEntries.Tree(_nodes, ManyEntries.Actor(1));
        _ours = ManyEntries.Changed(_common, ManyEntries.Actor(2), 0);
        _theirs = ManyEntries.Changed(_common, ManyEntries.Actor(3), 7);
        _empty = Dmt.Empty(_nodes);
    }

    /// <summary>500 entries changed on each side, none on both.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long BothChanged() => Join.Compute(_ours, _before.With(ManyEntries.Actor(2), 1), _theirs, _before.With(ManyEntries.Actor(3), 1), _ => { }).Changes;

    /// <summary>A new participant meets all of them.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long OursEmpty() => Join.Compute(_empty, VersionContext.Empty, _common, _before, _ => { }).Changes;
}
