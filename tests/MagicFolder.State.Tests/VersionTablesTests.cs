using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class VersionTablesTests : IDisposable
{
    private readonly ParticipantDatabase _state = ParticipantDatabase.OpenInMemory(nameof(VersionTablesTests));

    public void Dispose() => _state.Dispose();

    [Fact]
    public void ObservationsComeBackByActor()
    {
        Observation Seen(int actor, long seq) =>
            new(Sample.Actor(actor), seq, Sample.Blob(actor), Bytes(16, actor), Bytes(32, actor), Bytes(256, actor));

        foreach (int actor in new[] { 3, 1, 2 }) _state.Observations.Put(Seen(actor, 10 + actor));
        _state.Observations.Put(Seen(2, 99));
        _state.Observations.Find(Sample.Actor(2)).ShouldBe(Seen(2, 99));
        _state.Observations.Find(Sample.Actor(4)).ShouldBeNull();
        _state.Observations.ReadAll().All.ShouldBe([Seen(1, 11), Seen(2, 99), Seen(3, 13)]);
    }

    [Fact]
    public void NodesAreKeptOnce()
    {
        byte[] node = [1, 2, 3];
        var id = BlobId.Of(node);
        _state.Nodes.Contains(id).ShouldBeFalse();
        Should.Throw<MissingNodeException>(() => _state.Nodes.Load(id)).Id.ShouldBe(id);
        _state.Nodes.Save(id, node);
        _state.Nodes.Save(id, node);
        _state.Nodes.Load(id).ShouldBe(node);
        _state.Nodes.Contains(id).ShouldBeTrue();
        _state.Nodes.Count().ShouldBe(1);
    }

    [Fact]
    public void ALargeNodeComesBack()
    {
        var node = new byte[1 << 20];
        new Random(1).NextBytes(node);
        _state.Nodes.Save(BlobId.Of(node), node);
        _state.Nodes.Load(BlobId.Of(node)).AsSpan().SequenceEqual(node).ShouldBeTrue();
    }

    [Fact]
    public void SweepingKeepsExactlyTheLiving()
    {
        var nodes = Enumerable.Range(0, 3000).Select(i => BitConverter.GetBytes(i)).ToDictionary(n => BlobId.Of(n));
        var live = nodes.Keys.Where(id => id.ToArray()[0] % 3 == 0).ToHashSet();
        using (var transaction = _state.Begin())
        {
            foreach (var (id, node) in nodes) _state.Nodes.Save(id, node);
            transaction.Commit();
        }
        _state.Nodes.Sweep(live).ShouldBe(3000 - live.Count);
        _state.Nodes.Count().ShouldBe(live.Count);
        live.ShouldAllBe(id => _state.Nodes.Contains(id));
        _state.Nodes.Sweep(live).ShouldBe(0);
    }

    [Fact]
    public void WhatIsPutWhileATransactionIsOpenIsAmongAllOfThem()
    {
        using var transaction = _state.Begin();
        _state.Heads.All().ShouldBeEmpty();
        _state.Heads.Put(Head("00ff", 1));
        _state.Heads.All().ShouldBe([Head("00ff", 1)]);
        _state.Heads.Put(Head("00ff", 2));
        _state.Heads.All().ShouldBe([Head("00ff", 2)]);
    }

    [Fact]
    public void HeadsComeBackByPersonal()
    {
        _state.Heads.Put(Head("ff00", 1));
        _state.Heads.Put(Head("00ff", 2));
        _state.Heads.Put(Head("ff00", 3));
        _state.Heads.Find("ff00").ShouldBe(Head("ff00", 3));
        _state.Heads.Find("ff").ShouldBeNull();
        _state.Heads.All().ShouldBe([Head("00ff", 2), Head("ff00", 3)]);
        _state.Heads.Put(Head("ff00", 4) with { Observed = Sample.Dots(1, 2, 3) });
        _state.Heads.Find("ff00")!.Observed.ShouldBe(Sample.Dots(1, 2, 3));
    }

    private static SeenHead Head(string personal, long seqnum) => new(personal, seqnum, Sample.Actor(1), 5, Sample.Blob(1), Sample.Blob(2), -1);

    private static ImmutableArray<byte> Bytes(int length, int first) => [.. Enumerable.Range(first, length).Select(i => (byte)i)];
}
