using MagicFolder.Model;
using MagicFolder.State.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MagicFolder.State.Tests;

public sealed class ReadingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void AReaderSeesWhatTheOwnerHasCommittedWhileItHasItOpen()
    {
        using var owner = ParticipantDatabase.Open(Database);
        owner.Pending.Add(Sample.Path("a"));
        using var reader = ParticipantDatabase.OpenForReading(Database);
        reader.Pending.Contains(Sample.Path("a")).ShouldBeTrue();
    }

    [Fact]
    public void AReaderShowsOneMomentAndHindersNobody()
    {
        using var owner = ParticipantDatabase.Open(Database);
        using var reader = ParticipantDatabase.OpenForReading(Database);
        using (var transaction = owner.Begin())
        {
            owner.Pending.Add(Sample.Path("later"));
            transaction.Commit();
        }
        reader.Pending.Any().ShouldBeFalse();
        using var another = ParticipantDatabase.OpenForReading(Database);
        another.Pending.Any().ShouldBeTrue();
    }

    [Fact]
    public void WhatAnOpenTransactionHasWrittenIsNotSeen()
    {
        using var owner = ParticipantDatabase.Open(Database);
        using var transaction = owner.Begin();
        owner.Pending.Add(Sample.Path("a"));
        using var reader = ParticipantDatabase.OpenForReading(Database);
        reader.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void AnOwnerMayComeAndGoWhileAReaderReads()
    {
        ParticipantDatabase.Open(Database).Dispose();
        using var reader = ParticipantDatabase.OpenForReading(Database);
        using (var owner = ParticipantDatabase.Open(Database)) owner.Pending.Add(Sample.Path("a"));
        using (var owner = ParticipantDatabase.Open(Database)) owner.Pending.Any().ShouldBeTrue();
        reader.Pending.Any().ShouldBeFalse();
    }

    [Fact]
    public void AReaderChangesNothing()
    {
        ParticipantDatabase.Open(Database).Dispose();
        byte[] before = File.ReadAllBytes(Database);
        using (var reader = ParticipantDatabase.OpenForReading(Database))
        {
            Should.Throw<StateStorageException>(() => reader.Pending.Add(Sample.Path("a")));
            reader.Pending.Any().ShouldBeFalse();
        }
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public void WhatACrashedOwnerHadCommittedIsRead()
    {
        string copy = _directory.File("crashed.db");
        using (var owner = ParticipantDatabase.Open(Database))
        {
            owner.Pending.Add(Sample.Path("a"));
            // Database and log as a killed process leaves them.
            File.Copy(Database, copy);
            File.Copy(Database + "-wal", copy + "-wal");
        }
        using var reader = ParticipantDatabase.OpenForReading(copy);
        reader.Pending.Contains(Sample.Path("a")).ShouldBeTrue();
    }

    [Fact]
    public void AMissingDatabaseIsNotMade()
    {
        Should.Throw<StateStorageException>(() => ParticipantDatabase.OpenForReading(Database));
        File.Exists(Database).ShouldBeFalse();
    }

    [Fact]
    public void NewerAndForeignDatabasesAreRefused()
    {
        ParticipantDatabase.Open(Database).Dispose();
        Edit(Database, $"PRAGMA user_version = {Migration.Scripts.Count + 1}");
        Should.Throw<DamagedBytesException>(() => ParticipantDatabase.OpenForReading(Database)).Reason.ShouldBe(DamageReason.NewerFormat);

        string foreign = _directory.File("foreign.db");
        Edit(foreign, "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY)");
        Should.Throw<DamagedBytesException>(() => ParticipantDatabase.OpenForReading(foreign)).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void AnOlderDatabaseIsNotBroughtForward()
    {
        ParticipantDatabase.Open(Database).Dispose();
        Should.Throw<StateStorageException>(() => ParticipantDatabase.OpenForReading(Database, Migration.Scripts.Count + 1)).Message.ShouldContain("older version");
        using var owner = ParticipantDatabase.Open(Database, Migration.Scripts);
    }

    private static void Edit(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
