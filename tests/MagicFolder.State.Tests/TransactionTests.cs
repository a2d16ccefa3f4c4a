using MagicFolder.State.Tests.Support;

namespace MagicFolder.State.Tests;

public sealed class TransactionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void WhatIsCommittedStaysAndWhatIsNotIsGone()
    {
        using var state = ParticipantDatabase.Open(_directory.File());
        using (var transaction = state.Begin())
        {
            state.Records.Put(Sample.Record("kept"));
            state.Pending.Add(Sample.Path("kept"));
            transaction.Commit();
        }
        using (state.Begin())
        {
            state.Records.Put(Sample.Record("lost"));
            state.Pending.Remove(Sample.Path("kept"));
            state.Pending.Any().ShouldBeFalse();
        }
        state.Records.All().Select(r => r.Path.Name).ShouldBe(["kept"]);
        state.Pending.Any().ShouldBeTrue();
    }

    [Fact]
    public void TransactionsDoNotNestAndEndOnce()
    {
        using var state = ParticipantDatabase.OpenInMemory(nameof(TransactionsDoNotNestAndEndOnce));
        var transaction = state.Begin();
        Should.Throw<InvalidOperationException>(state.Begin);
        transaction.Commit();
        Should.Throw<InvalidOperationException>(transaction.Commit);
        using (var second = state.Begin())
        {
            transaction.Dispose();
            state.Pending.Add(Sample.Path("a"));
            second.Commit();
        }
        state.Pending.Any().ShouldBeTrue("disposing a finished transaction leaves the next one alone");
    }

    [Fact]
    public void ClosingInATransactionRollsItBack()
    {
        using (var state = ParticipantDatabase.Open(_directory.File()))
        {
            state.Pending.Add(Sample.Path("kept"));
            state.Begin();
            state.Pending.Add(Sample.Path("lost"));
        }
        using var reopened = ParticipantDatabase.Open(_directory.File());
        reopened.Pending.Page(null, 9).ShouldBe([Sample.Path("kept")]);
    }

    [Fact]
    public void NothingWorksAfterClosing()
    {
        var state = ParticipantDatabase.Open(_directory.File());
        state.Pending.Any().ShouldBeFalse();
        state.Dispose();
        state.Dispose();
        Should.Throw<ObjectDisposedException>(() => state.Pending.Any());
        Should.Throw<ObjectDisposedException>(state.Begin);
    }

    [Fact]
    public void AFullDiskInATransactionKeepsNothingOfIt()
    {
        using var session = Opening.File(_directory.File(), Migration.Scripts);
        var nodes = new NodesTable(session);
        var pending = new PendingTable(session);
        session.Execute("PRAGMA cache_size = 1");
        session.Execute($"PRAGMA max_page_count = {session.QueryNumber("PRAGMA page_count") + 20}");
        using (var transaction = session.Begin())
        {
            pending.Add(Sample.Path("lost"));
            var large = new byte[200_000];
            Should.Throw<StateStorageException>(() => nodes.Save(Model.Blobs.BlobId.Of(large), large));
            // Were SQLite back in autocommit here, this would be kept by itself.
            Should.Throw<InvalidOperationException>(() => pending.Add(Sample.Path("stray")));
            Should.Throw<InvalidOperationException>(transaction.Commit);
        }
        pending.Any().ShouldBeFalse();
        pending.Add(Sample.Path("later"));
        pending.Count().ShouldBe(1);
    }

    [Fact]
    public void WhatIsCommittedIsInTheFilesThatAPowerLossLeaves()
    {
        using var state = ParticipantDatabase.Open(_directory.File());
        using (var transaction = state.Begin())
        {
            for (int i = 0; i < 1000; i++) state.Records.Put(Sample.Record($"f{i}", i));
            transaction.Commit();
        }
        using var open = state.Begin();
        state.Pending.Add(Sample.Path("lost"));

        Copy(_directory.File(), _directory.File("copy.db"));
        Copy(_directory.File() + "-wal", _directory.File("copy.db-wal"));
        using var copy = ParticipantDatabase.Open(_directory.File("copy.db"));
        copy.Records.Count().ShouldBe(1000);
        copy.Pending.Any().ShouldBeFalse();
        copy.CheckIntegrity().ShouldBeEmpty();
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.CreateNew);
        source.CopyTo(target);
    }
}
