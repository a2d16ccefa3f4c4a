using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Computer _computer = new();

    public static TheoryData<string> WrongUses => new(
        "sync",
        "sync alice",
        "sync alice alice",
        "sync alice alice/inside",
        "sync alice a-file",
        "sync alice bob --unknown-option",
        "sync alice bob --grid alice/grid",
        "sync alice bob --grid http://localhost:3456",
        "sync alice bob --state bob/state",
        "sync one=alice one=bob",
        "no-such-command",
        "");

    [Theory]
    [MemberData(nameof(WrongUses))]
    public async Task WrongUseIsToldInOneLineAndChangesNothing(string arguments)
    {
        _computer.Write("alice/file", "content");
        _computer.Write("a-file", "content");

        var result = await _computer.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.ShouldExit(2).ShouldBeCalm();
        result.ErrorLines[0].ShouldNotBeEmpty();
        _computer.Exists("alice/.magic-folder").ShouldBeFalse();
        _computer.Exists("data").ShouldBeFalse();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("sync --help")]
    [InlineData("conflicts --help")]
    [InlineData("resolve --help")]
    [InlineData("history --help")]
    [InlineData("restore --help")]
    [InlineData("why --help")]
    [InlineData("--version")]
    public async Task HelpIsGivenOnStandardOutput(string arguments)
    {
        var result = await _computer.RunAsync(arguments.Split(' '));

        result.ShouldExit(0);
        result.Output.ShouldNotBeEmpty();
        result.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheOverviewHasALineForEveryCommand()
    {
        var result = await _computer.RunAsync("--help");
        foreach (string command in new[] { "sync", "init", "run", "add", "invite", "join", "status", "conflicts", "resolve", "history", "restore", "undo", "recover", "check", "gc", "put", "get", "publish" })
            result.Output.Split('\n').Count(line => line.StartsWith($"  {command} ", StringComparison.Ordinal)).ShouldBe(1, command);
    }

    [Fact]
    public async Task JsonIsOneDocumentWithStableKeys()
    {
        _computer.Write("alice/日本語.txt", "content");
        Posix.MakeFifo(_computer.At("alice/трубка"));

        var result = await _computer.RunAsync("sync", "alice", "bob", "--json");

        result.ShouldExit(3);
        result.Output.ShouldContain("трубка");
        using var document = JsonDocument.Parse(result.Output);
        Keys(document.RootElement).ShouldBe(["folder", "grid", "stateDirectory", "inSync", "seconds", "participants"]);
        var alice = document.RootElement.GetProperty("participants")[0];
        Keys(alice).ShouldBe(
            ["name", "path", "state", "reason", "files", "directories", "symlinks", "bytes", "captured", "applied", "waiting", "conflictFiles", "problems"]);
        Keys(alice.GetProperty("problems")[0]).ShouldBe(["path", "reason", "advice"]);
        alice.GetProperty("files").GetInt64().ShouldBe(1);
        alice.GetProperty("state").GetString().ShouldBe("in-sync");
        alice.GetProperty("problems")[0].GetProperty("path").GetString().ShouldBe("трубка");
    }

    [Fact]
    public async Task ADirectoryMayBeNamedLikeAnOption()
    {
        _computer.Write("--alice/file", "content");

        (await _computer.RunAsync("sync", "./--alice", "bob")).ShouldExit(0);
        (await _computer.RunAsync("sync", "--", "--alice", "bob")).ShouldExit(0);

        _computer.Read("bob/file").ShouldBe("content");
    }

    [Fact]
    public async Task ResultsGoToStandardOutputAndNothingElseDoes()
    {
        _computer.Write("alice/file", "content");

        var result = await _computer.SyncAsync("alice", "bob");

        result.Errors.ShouldBeEmpty();
        result.Output.ShouldContain("1 file");
    }

    [Fact]
    public async Task AGridAndAStateOfOnesOwnChoiceAreUsed()
    {
        _computer.Write("alice/file", "content");

        (await _computer.RunAsync("sync", "alice", "bob", "--grid", "my grid", "--state", "my state")).ShouldExit(0);
        _computer.Write("bob/new", "new");
        (await _computer.RunAsync("sync", "alice", "bob", "--state", "my state")).ShouldExit(0);

        _computer.Read("alice/new").ShouldBe("new");
        _computer.Exists("my grid/shares").ShouldBeTrue();
        _computer.Exists("my state/folder.json").ShouldBeTrue();
        _computer.Exists("data").ShouldBeFalse();
    }

    public void Dispose() => _computer.Dispose();

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
