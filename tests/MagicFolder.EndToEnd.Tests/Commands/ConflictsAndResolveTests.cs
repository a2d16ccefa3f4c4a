using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

public sealed class ConflictsAndResolveTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task ConflictsListsBothVersionsAsPromised()
    {
        await InConflictAsync();
        var listed = (await _computer.RunAsync("conflicts", "--as", "bob", "--json")).ShouldExit(3);
        using var document = JsonDocument.Parse(listed.Output);
        var siblings = document.RootElement.GetProperty("alice").GetProperty("notes/plan.txt").EnumerateArray().ToArray();
        siblings.Select(s => string.Join(' ', s.EnumerateObject().Select(p => p.Name))).ShouldAllBe(keys => keys == "participant size modified file");
        siblings.Select(s => (s.GetProperty("participant").GetString(), s.GetProperty("size").GetInt64(), s.GetProperty("file").GetString()))
            .ShouldBe([("bob", 8, "notes/plan.txt"), ("alice", 10, "notes/plan.conflict-alice.txt")]);
        siblings[0].GetProperty("modified").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");

        var text = (await _computer.RunAsync("conflicts")).ShouldExit(3).ShouldBeCalm();
        text.Output.ShouldContain("notes/plan.conflict-bob.txt");
        text.Output.ShouldContain("magic-folder resolve");
    }

    [Fact]
    public async Task WhatANameWouldDoToATerminalIsShownAsItsCode()
    {
        const string Name = "a\u001b[2J\nb";
        _computer.Write($"alice/{Name}", "from alice");
        _computer.Write($"bob/{Name}", "from bob");
        await _computer.SyncWithConflictsAsync("alice", "bob");
        (await _computer.RunAsync("conflicts")).ShouldExit(3).Output.ShouldContain("a\\u{1b}[2J\\u{a}b");
        string[][] commands = [["conflicts"], ["why", Name], ["history", Name], ["history", Name + "c"], ["restore", Name, "--at", "1d"], ["resolve", Name, "--take", "bob"]];
        foreach (string[] command in commands)
        {
            var result = await _computer.RunAsync(command);
            (result.Output + result.Errors).ShouldNotContain("\u001b", Case.Sensitive, string.Join(' ', command));
        }
    }

    [Fact]
    public async Task WithoutConflictsTheListIsEmptyAndTheStatusZero()
    {
        _computer.Write("alice/x.txt", "x");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("conflicts")).ShouldExit(0).Output.ShouldContain("No conflicts");
        (await _computer.RunAsync("conflicts", "--json")).ShouldExit(0).Output.ReplaceLineEndings("").Replace(" ", "").ShouldBe("{\"alice\":{}}");
    }

    [Fact]
    public async Task ResolveTakesTheVersionOfAnotherForEverybody()
    {
        await InConflictAsync();
        var resolved = (await _computer.RunAsync("resolve", "notes/plan.txt", "--take", "bob", "--state", _computer.State)).ShouldExit(0).ShouldBeCalm();
        resolved.Output.ShouldContain("bob");
        foreach (string name in new[] { "alice", "bob" })
        {
            _computer.Names($"{name}/notes").ShouldBe(["plan.txt"]);
            _computer.Read($"{name}/notes/plan.txt").ShouldBe("from bob");
        }
        (await _computer.RunAsync("conflicts")).ShouldExit(0);
    }

    [Fact]
    public async Task APathInADirectoryMakesThatParticipantAct()
    {
        await InConflictAsync();
        (await _computer.RunAsync("resolve", "bob/notes/plan.txt", "--take", "mine")).ShouldExit(0);
        _computer.Read("alice/notes/plan.txt").ShouldBe("from bob");
    }

    [Fact]
    public async Task WrongWishesAreOneLineEach()
    {
        await InConflictAsync();
        (await _computer.RunAsync("resolve", "notes/plan.txt", "--take", "carol")).ShouldExit(1).ShouldReportOnce("carol", "mine, bob");
        (await _computer.RunAsync("resolve", "notes/other.txt", "--take", "mine")).ShouldExit(1).ShouldReportOnce("not in conflict", "notes/plan.txt");
        (await _computer.RunAsync("resolve", _computer.At("bob/notes/plan.txt"), "--as", "alice", "--take", "mine")).ShouldExit(2).ShouldReportOnce("--as");
        (await _computer.RunAsync("resolve", "../outside", "--take", "mine")).ShouldExit(2).ShouldReportOnce("outside");
        (await _computer.RunAsync("resolve", "notes/plan.txt")).ShouldExit(2).ShouldReportOnce("--take");
        _computer.Write("alice/notes/plan.conflict-bob.txt", "edited by hand");
        (await _computer.RunAsync("resolve", "notes/plan.txt", "--take", "mine")).ShouldExit(1).ShouldReportOnce("plan.conflict-bob.txt", "changed");
        _computer.Read("alice/notes/plan.conflict-bob.txt").ShouldBe("edited by hand");
    }

    [Fact]
    public async Task DuringAWatchReportsWorkAndResolveSaysWhatToDo()
    {
        await InConflictAsync();
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");
        (await _computer.RunAsync("conflicts")).ShouldExit(3).ShouldBeCalm().Output.ShouldContain("plan.conflict-bob.txt");
        (await _computer.RunAsync("history", "notes/plan.txt")).ShouldExit(0).Output.ShouldContain("bob");
        (await _computer.RunAsync("why", "notes/plan.txt")).ShouldExit(0).Output.ShouldContain("in conflict");
        (await _computer.RunAsync("resolve", "notes/plan.txt", "--take", "mine")).ShouldExit(1).ShouldReportOnce("watch", "delete the conflict files");

        _computer.Write("alice/later.txt", "later");
        await watch.SaysAsync("brought here");
        watch.Interrupt();
        await watch.EndAsync();
        _computer.Read("bob/later.txt").ShouldBe("later");
    }

    private async Task InConflictAsync()
    {
        _computer.Write("alice/notes/plan.txt", "from alice");
        _computer.Write("bob/notes/plan.txt", "from bob");
        await _computer.SyncWithConflictsAsync("alice", "bob");
    }
}
