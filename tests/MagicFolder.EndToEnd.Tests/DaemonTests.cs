using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>The daemon and the commands that talk to it, as a user has them.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task FromNothingToAFolderThatIsInSync()
    {
        (await _computer.RunAsync("status")).ShouldExit(1).ShouldReportOnce("magic-folder init");
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        (await _computer.RunAsync("init")).ShouldExit(1).ShouldReportOnce("already");
        (await _computer.RunAsync("status")).ShouldExit(1).ShouldReportOnce("magic-folder run");
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        (await _computer.RunAsync("status")).ShouldExit(0).Output.ShouldContain("no folders yet");
        (await _computer.RunAsync("run")).ShouldExit(1).ShouldReportOnce("Another daemon");

        _computer.Write("holiday/x.txt", "one");
        (await _computer.RunAsync("add", "--author", "laptop", "holiday")).ShouldExit(0).ShouldBeCalm();
        (await _computer.RunAsync("list")).ShouldExit(0).Output.ShouldContain("as laptop, admin");
        (await _computer.RunAsync("scan", "--folder", "holiday")).ShouldExit(0);
        using var status = JsonDocument.Parse((await _computer.RunAsync("status", "--json")).ShouldExit(0).Output);
        status.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["folders", "grid"]);
        var folder = status.RootElement.GetProperty("folders").EnumerateArray().ShouldHaveSingleItem();
        (folder.GetProperty("name").GetString(), folder.GetProperty("state").GetString(), folder.GetProperty("files").GetInt64()).ShouldBe(("holiday", "in-sync", 1));

        (await _computer.RunAsync("pause")).ShouldExit(0);
        (await _computer.RunAsync("status")).ShouldExit(0).Output.ShouldContain("paused");
        (await _computer.RunAsync("scan")).ShouldExit(1).ShouldReportOnce("paused");
        (await _computer.RunAsync("resume", "--folder", "nobody")).ShouldExit(1).ShouldReportOnce("no folder nobody");
        (await _computer.RunAsync("resume")).ShouldExit(0);
        (await _computer.RunAsync("leave", "--name", "holiday")).ShouldExit(0);
        _computer.Read("holiday/x.txt").ShouldBe("one");

        daemon.Interrupt();
        (await daemon.EndAsync()).ShouldExit(0);
        (await _computer.RunAsync("list")).ShouldExit(1).ShouldReportOnce("magic-folder run");
    }

    [Fact]
    public async Task TheTokenIsNowhereButInItsFile()
    {
        (await _computer.RunAsync("init")).ShouldExit(0);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        string token = _computer.Read("config/magic-folder/api_token");
        token.Length.ShouldBeGreaterThan(40);
        _computer.Write("d/x.txt", "one");
        var added = await _computer.RunAsync("add", "--author", "laptop", "d");
        (added.Output + string.Join('\n', added.ErrorLines)).ShouldNotContain(token);
        daemon.Interrupt();
        var ended = await daemon.EndAsync();
        (ended.Output + string.Join('\n', ended.ErrorLines)).ShouldNotContain(token);
    }
}
