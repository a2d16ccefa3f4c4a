using MagicFolder.Model;
using MagicFolder.State.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MagicFolder.State.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void EverythingIsThereAfterReopening()
    {
        using (var state = ParticipantDatabase.Open(Database)) state.Records.Put(Sample.Record("a/b", 7));
        using var reopened = ParticipantDatabase.Open(Database);
        reopened.Records.Find(Sample.Path("a/b")).ShouldMatch(Sample.Record("a/b", 7));
        reopened.CheckIntegrity().ShouldBeEmpty();
    }

    [Fact]
    public void CommitsAreFlushedAlways()
    {
        using var session = Opening.File(Database, Migration.Scripts);
        session.QueryTexts("PRAGMA journal_mode").ShouldBe(["wal"]);
        session.QueryNumber("PRAGMA synchronous").ShouldBe(2);
        session.QueryNumber("PRAGMA foreign_keys").ShouldBe(1);
    }

    [Fact]
    public void OnlyOneMayHaveItOpen()
    {
        using (ParticipantDatabase.Open(Database)) Should.Throw<StateInUseException>(() => ParticipantDatabase.Open(Database));
        using (ParticipantDatabase.Open(Database)) Should.Throw<StateInUseException>(() => ParticipantDatabase.Open(Database));
        File.Exists(Database + ".lock").ShouldBeTrue("a lock file that comes and goes can be locked twice");
    }

    [Fact]
    public void WithoutItsLockFileItStillIsKeptFromOthers()
    {
        using var state = ParticipantDatabase.Open(Database);
        if (OperatingSystem.IsWindows()) return;
        File.Delete(Database + ".lock");
        Should.Throw<StateInUseException>(() => ParticipantDatabase.Open(Database));
    }

    [Fact]
    public void OnlyTheOwnerMayReadIt()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var state = ParticipantDatabase.Open(Database))
        {
            state.Pending.Add(Sample.Path("a"));
            foreach (string suffix in new[] { "", "-wal", "-shm", ".lock" }) File.GetUnixFileMode(Database + suffix).ShouldBe(Owner, suffix);
        }
        File.SetUnixFileMode(Database, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        ParticipantDatabase.Open(Database).Dispose();
        File.GetUnixFileMode(Database).ShouldBe(Owner);
    }

    [Fact]
    public void MemoryIsSharedByNameAndEndsWithTheLast()
    {
        using (var first = ParticipantDatabase.OpenInMemory("a b?c#%/x"))
        {
            first.Pending.Add(Sample.Path("a"));
            using (var crashed = ParticipantDatabase.OpenInMemory("a b?c#%/x"))
            {
                crashed.Pending.Any().ShouldBeTrue();
                crashed.Begin();
                crashed.Pending.Add(Sample.Path("lost"));
                Should.Throw<StateInUseException>(first.Begin);
            }
            using var reopened = ParticipantDatabase.OpenInMemory("a b?c#%/x");
            reopened.Pending.Count().ShouldBe(1);
            using var other = ParticipantDatabase.OpenInMemory("a b?c#%/y");
            other.Pending.Any().ShouldBeFalse();
        }
        using var fresh = ParticipantDatabase.OpenInMemory("a b?c#%/x");
        fresh.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void ANewerDatabaseIsRefusedAndLeftAsItIs()
    {
        ParticipantDatabase.Open(Database).Dispose();
        Edit($"PRAGMA user_version = {Migration.Scripts.Count + 1}");
        ShouldBeRefused(DamageReason.NewerFormat).ShouldContain($"version {Migration.Scripts.Count + 1}");
    }

    [Fact]
    public void TheDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs()
    {
        Edit("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY)");
        ShouldBeRefused(DamageReason.Malformed);
        Edit("PRAGMA application_id = 1");
        ShouldBeRefused(DamageReason.Malformed);
    }

    [Fact]
    public void AFileThatIsNoDatabaseIsRefusedAndLeftAsItIs()
    {
        var noise = new byte[20_000];
        new Random(2).NextBytes(noise);
        File.WriteAllBytes(Database, noise);
        ShouldBeRefused(DamageReason.Malformed);
        File.WriteAllText(Database, "hello");
        ShouldBeRefused(DamageReason.Malformed);
    }

    [Fact]
    public void DamagedPagesAreOneClearErrorNeverAnother()
    {
        using (var state = ParticipantDatabase.Open(Database))
        using (var transaction = state.Begin())
        {
            for (int i = 0; i < 1000; i++) state.Records.Put(Sample.Record($"directory/file {i:D5}", i));
            transaction.Commit();
        }
        byte[] sound = File.ReadAllBytes(Database);
        var random = new Random(3);
        int damaged = 0;
        for (int round = 0; round < 20; round++)
        {
            byte[] bytes = [.. sound];
            if (round % 4 == 0) bytes = bytes[..random.Next(4096, bytes.Length)];
            else random.NextBytes(bytes.AsSpan(random.Next(100, bytes.Length - 5000), 5000));
            File.WriteAllBytes(Database, bytes);
            try
            {
                using var state = ParticipantDatabase.Open(Database);
                foreach (var record in state.Records.All().Where((_, i) => i % 10 == 0)) _ = state.Records.WithContent(record.Value.Content, 1);
                state.Records.Totals();
                // Damage in free space or in the text of a row goes unnoticed by SQLite.
            }
            catch (DamagedBytesException e)
            {
                e.Reason.ShouldBe(DamageReason.Malformed);
                damaged++;
            }
        }
        damaged.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void ANodeWithAFlippedBitIsNotServed()
    {
        byte[] node = [1, 2, 3];
        using (var state = ParticipantDatabase.Open(Database)) state.Nodes.Save(Model.Blobs.BlobId.Of(node), node);
        Edit("UPDATE nodes SET node = X'010203FF'");
        using var reopened = ParticipantDatabase.Open(Database);
        Should.Throw<DamagedBytesException>(() => reopened.Nodes.Load(Model.Blobs.BlobId.Of(node))).Reason.ShouldBe(DamageReason.WrongHash);
    }

    [Theory]
    [InlineData("dots = X'00'")]
    [InlineData("kind = 3")]
    [InlineData("kind = -1")]
    [InlineData("size = -1")]
    [InlineData("mode = 4096")]
    [InlineData("mode = 4294967296")]
    [InlineData("content = X'00'")]
    [InlineData("content = NULL")]
    [InlineData("kind = 2")]
    public void ARowThatNoProgramWroteIsADamagedOne(string change)
    {
        using (var state = ParticipantDatabase.Open(Database)) state.Records.Put(Sample.Record("a"));
        Edit($"UPDATE records SET {change}");
        using var reopened = ParticipantDatabase.Open(Database);
        Should.Throw<DamagedBytesException>(() => reopened.Records.Find(Sample.Path("a"))).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void MissingTablesAreDamage()
    {
        ParticipantDatabase.Open(Database).Dispose();
        Edit("DROP TABLE records");
        using var state = ParticipantDatabase.Open(Database);
        Should.Throw<DamagedBytesException>(() => state.Records.Count()).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void AnOlderDatabaseIsBroughtForwardWithWhatIsInIt()
    {
        string[] first = [.. Migration.Scripts];
        string[] second = [.. first, "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later SELECT count(*) FROM pending"];
        using (var state = ParticipantDatabase.Open(Database, first)) state.Pending.Add(Sample.Path("a"));

        string[] failing = [.. first, "CREATE TABLE half (id INTEGER); INSERT INTO nothing VALUES (1)"];
        Should.Throw<StateStorageException>(() => ParticipantDatabase.Open(Database, failing));

        using (var state = ParticipantDatabase.Open(Database, second)) state.Pending.Any().ShouldBeTrue();
        using (var session = Opening.File(Database, second))
        {
            session.QueryNumber("PRAGMA user_version").ShouldBe(second.Length);
            session.QueryNumber("SELECT id FROM later").ShouldBe(1);
            session.QueryNumber("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").ShouldBe(0);
        }
        Should.Throw<DamagedBytesException>(() => ParticipantDatabase.Open(Database, first)).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void AHeadThatAnEarlierProgramReadHasSeenNothingAsFarAsKnown()
    {
        using (var session = Opening.File(Database, [.. Migration.Scripts.Take(3)]))
            session.Execute("INSERT INTO heads (personal, seqnum, actor, seq, snapshot, root, time_ms) VALUES ('ff', 1, zeroblob(16), 5, zeroblob(32), zeroblob(32), 7)");
        using var state = ParticipantDatabase.Open(Database);
        var head = state.Heads.All().ShouldHaveSingleItem();
        (head.Seq, head.TimeMs, head.Observed.Length).ShouldBe((5, 7, 0));
    }

    [Fact]
    public void WhatAnEarlierProgramRecordedHadTheBitOfItsValue()
    {
        const string Value = "zeroblob(24), {0}, 1, 1, {1}, zeroblob(32), NULL";
        const string Signature = "1, 1, 1, 1, 1";
        using (var session = Opening.File(Database, [.. Migration.Scripts.Take(8)]))
        {
            session.Execute($"""
                INSERT INTO records VALUES (CAST('plain' AS BLOB), {string.Format(Value, 0, 0x1A4)}, {Signature}, 0, 0);
                INSERT INTO records VALUES (CAST('program' AS BLOB), {string.Format(Value, 0, 0x1ED)}, {Signature}, 0, 0);
                INSERT INTO records VALUES (CAST('where' AS BLOB), {string.Format(Value, 1, 0x1ED)}, {Signature}, 0, 0);
                INSERT INTO conflict_files VALUES (CAST('beside' AS BLOB), CAST('plain' AS BLOB), {string.Format(Value, 0, 0x1ED)}, {Signature});
                INSERT INTO leftovers VALUES (CAST('stage' AS BLOB), CAST('plain' AS BLOB), {string.Format(Value, 0, 0x1ED)}, {Signature}, 0);
                INSERT INTO intents VALUES (1, 1, CAST('program' AS BLOB), CAST('stage' AS BLOB), {string.Format(Value, 0, 0x1A4)}, {Signature}, {Signature}, NULL);
                INSERT INTO intents VALUES (2, 0, CAST('new' AS BLOB), CAST('stage' AS BLOB), {string.Format(Value, 0, 0x1ED)}, NULL, NULL, NULL, NULL, NULL, {Signature}, NULL);
                INSERT INTO intents VALUES (3, 2, CAST('beside' AS BLOB), CAST('stage' AS BLOB), zeroblob(0), NULL, NULL, NULL, NULL, NULL, NULL, {Signature}, NULL, NULL, NULL, NULL, NULL, CAST('plain' AS BLOB));
                INSERT INTO folder_disk VALUES (1, 7);
                """);
        }
        using var state = ParticipantDatabase.Open(Database);
        state.Records.All().Select(record => record.Signature.Executable).ShouldBe([false, true, null]);
        state.ConflictFiles.All().ShouldHaveSingleItem().Signature.Executable.ShouldBe(true);
        state.Leftovers.All().ShouldHaveSingleItem().Signature.Executable.ShouldBe(true);
        state.Intents.All().Select(intent => (intent.Expected?.Executable, intent.Staged?.Executable)).ShouldBe([(true, false), (null, true), (true, null)]);
        state.FolderDisk.HoldsBits().ShouldBeTrue();
    }

    [Fact]
    public void APlaceThatCannotBeOpenedIsNotDamage()
    {
        Should.Throw<IOException>(() => ParticipantDatabase.Open(Path.Combine(_directory.Path, "missing", "state.db")));
        Should.Throw<ArgumentException>(() => ParticipantDatabase.Open(""));
    }

    private string ShouldBeRefused(DamageReason reason)
    {
        byte[] before = File.ReadAllBytes(Database);
        var exception = Should.Throw<DamagedBytesException>(() => ParticipantDatabase.Open(Database));
        exception.Reason.ShouldBe(reason);
        File.ReadAllBytes(Database).ShouldBe(before);
        return exception.Message;
    }

    private void Edit(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
