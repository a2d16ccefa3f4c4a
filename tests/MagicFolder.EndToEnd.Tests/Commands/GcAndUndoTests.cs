using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>The care for history, as a user has it: storage is freed, what a participant did is taken back.</summary>
public sealed class GcAndUndoTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task StorageIsFreedWhileAParticipantIsAwayWhoComesBackAndSyncs()
    {
        (await _computer.RunAsync("init", "--grid", "grid", "--config", "a")).ShouldExit(0);
        (await _computer.RunAsync("init", "--grid", "grid", "--config", "b")).ShouldExit(0);
        using var laptop = _computer.Start("run", "--config", "a");
        await laptop.SaysAsync("Ready");
        _computer.Write("one/kept.txt", "kept");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a")).ShouldExit(0);
        _computer.Write(Path.Combine(Directory.GetDirectories(_computer.At("a/folders")).Single(), "retention.json"), """{ "allOfDays": 0, "dropAfterDays": 30 }""");
        using (var desktop = _computer.Start("run", "--config", "b"))
        {
            await desktop.SaysAsync("Ready");
            string code = (await _computer.RunAsync("invite", "--folder", "holiday", "desktop", "--config", "a")).ShouldExit(0).Output.Trim();
            (await _computer.RunAsync("join", code, "two", "--config", "b")).ShouldExit(0);
            await desktop.SaysAsync("1 brought here");
            desktop.Interrupt();
            (await desktop.EndAsync()).ShouldExit(0);
        }
        for (int i = 0; i < 24; i++)
        {
            _computer.Write("one/x.bin", new byte[10_000 + i]);
            (await _computer.RunAsync("scan", "--config", "a")).ShouldExit(0);
        }
        long before = Stored();
        (await _computer.RunAsync("gc", "--dry-run", "--config", "a")).ShouldExit(0).Output.ShouldContain("would free");
        Stored().ShouldBe(before);
        using var report = JsonDocument.Parse((await _computer.RunAsync("gc", "--json", "--config", "a")).ShouldExit(0).Output);
        var freed = report.RootElement.GetProperty("folders").EnumerateArray().Single();
        freed.EnumerateObject().Select(member => member.Name).ShouldBe(["folder", "kept", "freed", "bytes", "leased", "rewritten", "rewrittenBytes", "reason"]);
        freed.GetProperty("freed").GetInt32().ShouldBeGreaterThan(3);
        freed.GetProperty("rewritten").GetInt32().ShouldBeGreaterThan(7);
        long bytes = freed.GetProperty("bytes").GetInt64();
        // What was rewritten is there twice until the next time.
        (before - Stored()).ShouldBeInRange(bytes - (2 * freed.GetProperty("rewrittenBytes").GetInt64()), bytes);
        (await _computer.RunAsync("check", "--folder", "holiday", "--config", "a")).ShouldExit(0).Output.ShouldContain("2 participants");

        _computer.Write("two/y.txt", "made while away");
        using var back = _computer.Start("run", "--config", "b");
        await back.SaysAsync("brought here");
        (await _computer.RunAsync("scan", "--config", "b")).ShouldExit(0);
        (await _computer.RunAsync("poll", "--config", "a")).ShouldExit(0);
        new FileInfo(_computer.At("two/x.bin")).Length.ShouldBe(10_023);
        _computer.Read("one/y.txt").ShouldBe("made while away");
        foreach (string config in (string[])["a", "b"]) (await _computer.RunAsync("check", "--folder", "holiday", "--config", config)).ShouldExit(0);

        string since = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _computer.Write("two/kept.txt", "broken");
        (await _computer.RunAsync("scan", "--config", "b")).ShouldExit(0);
        (await _computer.RunAsync("poll", "--config", "a")).ShouldExit(0);
        _computer.Read("one/kept.txt").ShouldBe("broken");
        (await _computer.RunAsync("undo", "--folder", "holiday", "--by", "desktop", "--since", since, "--config", "a")).ShouldExit(0).Output.ShouldContain("1 path: what desktop did");
        _computer.Read("one/kept.txt").ShouldBe("kept");
    }

    [Fact]
    public async Task WithoutADaemonTheStatesAreTakenAndAWatchIsRefused()
    {
        _computer.Write("alice/x.txt", "one");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("gc")).ShouldExit(0).Output.ShouldContain("freed 0 objects");
        (await _computer.RunAsync("gc", "--state", "nowhere")).ShouldExit(1).ShouldReportOnce("nowhere");
        (await _computer.RunAsync("gc", "--state", "x", "--config", "y")).ShouldExit(2).ShouldReportOnce("--state");
        using (var watch = _computer.Start("sync", "--watch", "alice", "bob"))
        {
            await watch.SaysAsync("in sync");
            (await _computer.RunAsync("gc")).ShouldExit(3).ShouldReportOnce("another magic-folder command works with it");
            watch.Interrupt();
            await watch.EndAsync();
        }
        _computer.Write(Path.Combine(_computer.State, "retention.json"), """{ "keepForever": true }""");
        (await _computer.RunAsync("gc")).ShouldExit(3).ShouldReportOnce("retention.json");
        _computer.Write(Path.Combine(_computer.State, "retention.json"), """{ "dropAfterDays": 7 }""");
        _computer.Write("bob/x.txt", "by bob");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("undo", "--by", "bob", "--since", "1h", "--dry-run")).ShouldExit(0).Output.ShouldContain("reverted");
        _computer.Read("alice/x.txt").ShouldBe("by bob");
        (await _computer.RunAsync("undo", "--by", "bob", "--since", "1h")).ShouldExit(0).ShouldBeCalm();
        _computer.Read("bob/x.txt").ShouldBe("one");
        (await _computer.RunAsync("undo", "--by", "carol", "--since", "1h")).ShouldExit(1).ShouldReportOnce("carol");
    }

    private long Stored() => Directory.EnumerateFiles(_computer.At("grid/shares"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
