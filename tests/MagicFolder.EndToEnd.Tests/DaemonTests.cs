using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>The daemon and the commands that talk to it, as a user has them.</summary>
public sealed class DaemonTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task ADirectoryOfTheDaemonIsNoneForSync()
    {
        (await _computer.RunAsync("init")).ShouldExit(0);
        using (var daemon = _computer.Start("run"))
        {
            await daemon.SaysAsync("Ready");
            (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one")).ShouldExit(0);
            (await _computer.RunAsync("scan")).ShouldExit(0);
        }
        (await _computer.RunAsync("sync", "one", "two", "--confirm-deletions")).ShouldExit(1).ShouldReportOnce("belongs to holiday, a folder of the daemon");
    }

    [Fact]
    public async Task WithoutOptionsTheFolderIsThatOfThePathAndNoOther()
    {
        (await _computer.RunAsync("init")).ShouldExit(0);
        (await _computer.RunAsync("gc")).ShouldExit(0).Output.ShouldContain("The daemon has no folder");
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        (await _computer.RunAsync("list")).ShouldExit(0).Errors.ShouldContain("being joined");
        (await _computer.RunAsync("scan")).ShouldExit(1).ShouldReportOnce("being joined");
        _computer.Write("one/x.txt", "x");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one")).ShouldExit(0);
        (await _computer.RunAsync("scan")).ShouldExit(0);
        (await _computer.RunAsync("history", "x.txt")).ShouldExit(0).Output.ShouldContain("magic-folder restore x.txt --version VERSION");
        (await _computer.RunAsync("invite", "--folder", "holiday", "desktop")).ShouldExit(0).Errors.ShouldMatch(@"good until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. ");
        (await _computer.RunAsync("recover")).ShouldExit(2).ShouldReportOnce("--folder");

        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("why", "one/x.txt")).ShouldExit(0).Output.ShouldContain("laptop has x.txt");
        (await _computer.RunAsync("history", "x.txt", "--folder", "holiday")).ShouldExit(0).Output.ShouldContain("magic-folder restore x.txt --version VERSION --folder holiday");
        foreach (string[] command in new string[][] { ["conflicts"], ["history", "x.txt"], ["resolve", "x.txt", "--take", "mine"], ["why", "x.txt"] })
            (await _computer.RunAsync(command)).ShouldExit(1).ShouldReportOnce("several magic folders", "--folder, of the daemon: holiday", $"--state: {_computer.State}");
        (await _computer.RunAsync("conflicts", "--folder", "holidy")).ShouldExit(1).ShouldReportOnce("there are: holiday.");
        daemon.Interrupt();
        await daemon.EndAsync();
        (await _computer.RunAsync("conflicts", "--folder", "holidy")).ShouldExit(1).ShouldReportOnce("there are: holiday.");
        (await _computer.RunAsync("why", "one/x.txt")).ShouldExit(0).Output.ShouldContain("laptop has x.txt");
    }

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
    public async Task TwoComputersFromNothingToTheSame()
    {
        (await _computer.RunAsync("init", "--grid", "grid", "--config", "a")).ShouldExit(0);
        (await _computer.RunAsync("init", "--grid", "grid", "--config", "b")).ShouldExit(0).Output.ShouldEndWith("/b\n");
        using var laptop = _computer.Start("run", "--config", "a");
        using var desktop = _computer.Start("run", "--config", "b");
        await laptop.SaysAsync("Ready");
        await desktop.SaysAsync("Ready");
        _computer.Write("one/x.txt", "from the laptop");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a")).ShouldExit(0);
        string code = (await _computer.RunAsync("invite", "--folder", "holiday", "desktop", "--config", "a")).ShouldExit(0).Output.Trim();
        (await _computer.RunAsync("join", code, "two", "--author", "phone", "--config", "b")).ShouldExit(1).ShouldReportOnce("desktop");
        var joined = (await _computer.RunAsync("join", code, "two", "--config", "b")).ShouldExit(0);
        string fingerprint = joined.Output.Split("Fingerprint: ")[1].Split(' ')[0];
        await desktop.SaysAsync("joined as desktop");
        await desktop.SaysAsync("1 brought here");
        _computer.Read("two/x.txt").ShouldBe("from the laptop");

        _computer.Write("two/y.txt", "from the desktop");
        (await _computer.RunAsync("scan", "--config", "b")).ShouldExit(0);
        (await _computer.RunAsync("poll", "--config", "a")).ShouldExit(0);
        _computer.Read("one/y.txt").ShouldBe("from the desktop");
        (await _computer.RunAsync("invites", "--folder", "holiday", "--config", "a")).ShouldExit(0).Output.ShouldContain($"desktop has joined, fingerprint {fingerprint}");
        (await _computer.RunAsync("participants", "--folder", "holiday", "--config", "b")).ShouldExit(0).Output.ShouldContain("desktop (this computer)");
        (await _computer.RunAsync("history", "y.txt", "--folder", "holiday", "--config", "a")).ShouldExit(0).Output.ShouldContain("desktop");
        (await _computer.RunAsync("why", "y.txt", "--folder", "holiday", "--config", "b")).ShouldExit(0).Output.ShouldContain("desktop has y.txt");
        (await _computer.RunAsync("conflicts", "--folder", "holiday", "--config", "a")).ShouldExit(0);
        (await _computer.RunAsync("check", "--folder", "holiday", "--config", "b")).ShouldExit(0).Output.ShouldContain("2 participants");
        (await _computer.RunAsync("restore", "y.txt", "--at", "1m", "--folder", "holiday", "--state", "x", "--config", "b")).ShouldExit(2).ShouldReportOnce("--folder");
        (await _computer.RunAsync("history", "--folder", "other", "--config", "a")).ShouldExit(1).ShouldReportOnce("no folder other");
        foreach (var said in new[] { laptop.Errors, desktop.Errors }) said.ShouldNotContain(code);
    }

    [Fact]
    public async Task ALogFileHasTheSameLinesAndIsForItsOwnerAlone()
    {
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        for (int i = 0; i < 2; i++)
        {
            using var daemon = _computer.Start("run", "--log", "log");
            await daemon.SaysAsync("Ready");
            if (i == 0) (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "d")).ShouldExit(0);
            string code = (await _computer.RunAsync("invite", "--folder", "holiday", $"desktop{i}")).ShouldExit(0).Output.Trim();
            daemon.Interrupt();
            var ended = await daemon.EndAsync();
            string log = _computer.Read("log");
            string[] last = [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ended.ErrorLines.Length)];
            last.Select(WithoutTime).ShouldBe(ended.ErrorLines.Select(WithoutTime));
            foreach (string secret in new[] { code, "URI:", "magic1-" }) log.ShouldNotContain(secret);
            log.Split('\n').Count(line => line.Contains("Ready", StringComparison.Ordinal)).ShouldBe(i + 1);
        }
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(_computer.At("log")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        using (var large = new FileStream(_computer.At("log"), FileMode.Open)) large.SetLength(10_000_000);
        using var again = _computer.Start("run", "--log", "log");
        await again.SaysAsync("Ready");
        again.Interrupt();
        await again.EndAsync();
        new FileInfo(_computer.At("log.1")).Length.ShouldBe(10_000_000);
        _computer.Read("log").ShouldContain("Ready");
        (await _computer.RunAsync("run", "--log", "nowhere/log")).ShouldExit(1).ShouldReportOnce("nowhere/log");
    }

    private static string WithoutTime(string line) => line["2026-11-26 18:24:59".Length..];

    [Fact]
    public async Task ItEndsAlsoWhenItIsToldSoTheMomentItIsReady()
    {
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        for (int i = 0; i < 5; i++)
        {
            using var daemon = _computer.Start("run", "--log", "log");
            while (!_computer.Exists("config/magic-folder/api_client_endpoint") && !daemon.HasEnded) Thread.Yield();
            daemon.Interrupt();
            (await daemon.EndAsync()).ShouldExit(0).ShouldBeCalm();
        }
    }

    [Fact]
    public async Task WhatOneFolderRefusesIsDoneWithTheOthers()
    {
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        foreach (string name in (string[])["a", "b"]) (await _computer.RunAsync("add", "--name", name, "--author", "laptop", name)).ShouldExit(0);
        (await _computer.RunAsync("pause", "--folder", "a")).ShouldExit(0);
        _computer.Write("b/x.txt", "one");
        var looked = await _computer.RunAsync("scan");
        looked.ShouldExit(3).ShouldReportOnce("a: ", "paused").Output.ShouldContain("b");
        (await _computer.RunAsync("pause", "--folder", "b")).ShouldExit(0);
        var refused = await _computer.RunAsync("poll");
        refused.ShouldExit(1).ErrorLines.Length.ShouldBe(2);
        (await _computer.RunAsync("resume")).ShouldExit(0);
        foreach (string days in (string[])["0", "29"]) (await _computer.RunAsync("invite", "desktop", "--folder", "a", "--days", days)).ShouldExit(2).ShouldReportOnce("1 to 28");
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
