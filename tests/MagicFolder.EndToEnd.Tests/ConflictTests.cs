using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

public sealed class ConflictTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task DifferentEditsAtTheSameTimeStandBesideEachOther()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        _computer.Read("alice/report.docx").ShouldBe("alice's edit");
        _computer.Read("alice/report.conflict-bob.docx").ShouldBe("bob's edit");
        _computer.Read("bob/report.docx").ShouldBe("bob's edit");
        _computer.Read("bob/report.conflict-alice.docx").ShouldBe("alice's edit");
    }

    [Fact]
    public async Task AConflictIsNotResolvedByRunningAgain()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        var again = await _computer.SyncWithConflictsAsync("alice", "bob");

        again.Output.ShouldContain("There are conflicts");
        _computer.Names("alice").ShouldBe(["report.conflict-bob.docx", "report.docx"]);
        _computer.Names("bob").ShouldBe(["report.conflict-alice.docx", "report.docx"]);
    }

    [Fact]
    public async Task DeletingTheConflictFileClearsItEverywhere()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        _computer.Delete("alice/report.conflict-bob.docx");
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("alice").ShouldBe(["report.docx"]);
        _computer.Names("bob").ShouldBe(["report.docx"]);
        _computer.Read("bob/report.docx").ShouldBe("alice's edit");
    }

    [Fact]
    public async Task MovingTheConflictFileOverTheFileTakesTheirs()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        File.Move(_computer.At("alice/report.conflict-bob.docx"), _computer.At("alice/report.docx"), overwrite: true);
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("bob").ShouldBe(["report.docx"]);
        _computer.Read("bob/report.docx").ShouldBe("bob's edit");
    }

    [Fact]
    public async Task EditingTheFileAndDeletingTheConflictFileMerges()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        _computer.Write("bob/report.docx", "both edits");
        _computer.Delete("bob/report.conflict-alice.docx");
        await _computer.SyncAsync("alice", "bob");

        _computer.Names("alice").ShouldBe(["report.docx"]);
        _computer.Read("alice/report.docx").ShouldBe("both edits");
    }

    [Fact]
    public async Task TheSameEditAtTheSameTimeShowsNothing()
    {
        _computer.Write("alice/report.docx", "first");
        await _computer.SyncAsync("alice", "bob");

        _computer.Write("alice/report.docx", "the same edit");
        _computer.Write("bob/report.docx", "the same edit");
        var result = await _computer.SyncAsync("alice", "bob");

        result.Output.ShouldNotContain("conflict");
        _computer.Names("alice").ShouldBe(["report.docx"]);
        _computer.Names("bob").ShouldBe(["report.docx"]);
    }

    [Fact]
    public async Task AnEditSurvivesADeletionAtTheSameTime()
    {
        _computer.Write("alice/kept", "first");
        _computer.Write("alice/other", "other");
        await _computer.SyncAsync("alice", "bob");

        _computer.Delete("alice/kept");
        _computer.Write("bob/kept", "edited");
        await _computer.SyncAsync("alice", "bob");

        _computer.Read("alice/kept").ShouldBe("edited");
        _computer.Read("bob/kept").ShouldBe("edited");
    }

    [Fact]
    public async Task AFileAndADirectoryOfOneNameBothSurvive()
    {
        _computer.Write("alice/thing", "a file");
        _computer.Write("bob/thing/inside", "in a directory");

        await _computer.RunAsync("sync", "alice", "bob");

        foreach (string side in new[] { "alice", "bob" })
        {
            _computer.Read(side + "/thing/inside").ShouldBe("in a directory");
            _computer.Read($"{side}/{_computer.Names(side).Single(name => name != "thing")}").ShouldBe("a file");
        }
    }

    [Fact]
    public async Task ThreeEditsAtTheSameTimeAllStand()
    {
        _computer.Write("alice/report", "first");
        await _computer.SyncAsync("alice", "bob", "carol");

        foreach (string side in new[] { "alice", "bob", "carol" }) _computer.Write(side + "/report", $"{side}'s edit");
        await _computer.SyncWithConflictsAsync("alice", "bob", "carol");

        foreach (string side in new[] { "alice", "bob", "carol" })
        {
            _computer.Read(side + "/report").ShouldBe($"{side}'s edit");
            _computer.Names(side).Select(name => _computer.Read($"{side}/{name}")).ShouldBe(["alice's edit", "bob's edit", "carol's edit"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task AConflictOfTheLongestNameFindsAPlace()
    {
        string name = new string('n', 251) + ".txt";
        _computer.Write("alice/" + name, "alice's");
        _computer.Write("bob/" + name, "bob's");

        await _computer.SyncWithConflictsAsync("alice", "bob");

        _computer.Names("alice").Length.ShouldBe(2);
        _computer.Names("alice").Select(file => _computer.Read("alice/" + file)).ShouldBe(["alice's", "bob's"], ignoreOrder: true);
    }

    [Fact]
    public async Task AConflictFileThatWasEditedIsNeverRemoved()
    {
        await EditBothAsync("alice's edit", "bob's edit");

        _computer.Write("bob/report.conflict-alice.docx", "something that bob wrote into it");
        _computer.Delete("alice/report.conflict-bob.docx");
        await _computer.RunAsync("sync", "alice", "bob");

        _computer.Read("bob/report.docx").ShouldBe("alice's edit");
        _computer.Read("bob/report.conflict-alice.docx").ShouldBe("something that bob wrote into it");
    }

    public void Dispose() => _computer.Dispose();

    private async Task EditBothAsync(string alice, string bob)
    {
        _computer.Write("alice/report.docx", "first");
        await _computer.SyncAsync("alice", "bob");
        _computer.Write("alice/report.docx", alice);
        _computer.Write("bob/report.docx", bob);
        await _computer.SyncWithConflictsAsync("alice", "bob");
    }
}
