using System.Net;
using System.Net.Sockets;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>The commands about a folder ask its daemon while it runs, and say the same when none does.</summary>
public sealed class AskedOfTheDaemonTests : IDisposable
{
    private static readonly string[][] Commands =
    [
        ["history"], ["history", "--json"], ["history", "x.txt"], ["history", "gone.txt"], ["history", "nothing"], ["why", "x.txt"], ["why", "x.txt", "--json"], ["why", "nothing"],
        ["why", "../x"], ["conflicts"], ["conflicts", "--json"], ["conflicts", "--as", "nobody"], ["check"], ["check", "--json"], ["publish", "--as-tahoe-directory", "--json"],
    ];

    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task WhatIsSaidIsTheSameWithADaemonAndWithout()
    {
        using var laptop = await StartAsync("a");
        using (var desktop = await StartAsync("b"))
        {
            _computer.Write("one/x.txt", "of the laptop");
            _computer.Write("one/gone.txt", "goes");
            _computer.Write("one/d/y.txt", "y");
            _computer.Write("two/x.txt", "of the desktop");
            (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a")).ShouldExit(0);
            (await _computer.RunAsync("scan", "--config", "a")).ShouldExit(0);
            File.Delete(_computer.At("one/gone.txt"));
            string code = (await _computer.RunAsync("invite", "--folder", "holiday", "desktop", "--config", "a")).ShouldExit(0).Output.Trim();
            (await _computer.RunAsync("join", code, "two", "--config", "b")).ShouldExit(0);
            await desktop.SaysAsync("joined as desktop");
            while (!_computer.Exists("one/x.conflict-desktop.txt") || !_computer.Exists("two/x.conflict-laptop.txt")) await Task.Delay(50, TestContext.Current.CancellationToken);
            foreach (string config in new[] { "b", "a", "b", "a" }) (await _computer.RunAsync("scan", "--config", config)).ShouldExit(0);
            desktop.Interrupt();
            (await desktop.EndAsync()).ShouldExit(0);
        }
        (await _computer.RunAsync("publish", "--as-tahoe-directory", "--folder", "holiday", "--config", "a")).ShouldExit(0).Output.ShouldContain("URI:DIR2-RO:");
        var asked = await RunAllAsync();
        laptop.Kill();
        await laptop.EndAsync();
        _computer.Exists("a/api_client_endpoint").ShouldBeTrue("a daemon that was killed leaves it behind");
        var alone = await RunAllAsync();

        foreach (var (command, one, other) in Commands.Zip(asked, alone)) one.ToString().ShouldBe(other.ToString(), string.Join(' ', command));
        (await _computer.RunAsync("gc", "--dry-run", "--config", "a")).ShouldExit(0).ShouldBeCalm();

        (await _computer.RunAsync("resolve", "one/x.txt", "--take", "desktop", "--folder", "holiday", "--config", "a")).ShouldExit(0).Output.ShouldContain("x.txt: the version of desktop is in place now");
        _computer.Read("one/x.txt").ShouldBe("of the desktop");

        asked.Select(result => result.ExitCode).ShouldBe([0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 3, 2, 0, 0, 0]);
        asked[2].Output.ShouldContain("Bring one back with: magic-folder restore x.txt");
        asked[9].Output.ShouldContain("x.conflict-desktop.txt");
    }

    [Fact]
    public async Task ItIsTheDaemonThatIsAsked()
    {
        using var daemon = await StartAsync("a");
        _computer.Write("one/x.txt", "one");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a")).ShouldExit(0);
        (await _computer.RunAsync("scan", "--config", "a")).ShouldExit(0);
        // Without its token nothing is told, though all of the state could be read.
        File.WriteAllText(_computer.At("a/api_token"), "another one");
        foreach (string[] command in new string[][] { ["history"], ["why", "x.txt"], ["conflicts"], ["check"], ["publish", "--as-tahoe-directory"], ["undo", "--by", "laptop", "--since", "1h"], ["recover"] })
            (await _computer.RunAsync([.. command, "--folder", "holiday", "--config", "a"])).ShouldExit(1).ShouldReportOnce("token");
        (await _computer.RunAsync("config", "pollSeconds", "3", "--config", "a")).ShouldExit(1).ShouldReportOnce("token");
    }

    [Fact]
    public async Task ADaemonThatIsJustStartingOrEndingIsNotTakenForNone()
    {
        (await _computer.RunAsync("init", "--config", "a")).ShouldExit(0);
        using var held = new FileStream(_computer.At("a/daemon.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        (await _computer.RunAsync("config", "pollSeconds", "5", "--config", "a")).ShouldExit(1).ShouldReportOnce("just starting or ending");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var asking = _computer.Start("list", "--config", "a");
        _computer.Write("a/api_token", "token");
        _computer.Write("a/api_client_endpoint", $"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var asked = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        asking.Interrupt();
        (await asking.EndAsync()).ShouldExit(1).ShouldReportOnce("run the same command again");

        using var telling = _computer.Start("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a");
        using var told = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        telling.Interrupt();
        (await telling.EndAsync()).ShouldExit(1).ShouldReportOnce("the daemon may have done it all the same");
    }

    [Fact]
    public async Task WhoeverHasTheAddressOfADaemonThatWasKilledIsAskedNothing()
    {
        string[][] commands = [["list"], ["join", "magic1-code", "d"], ["status"], ["history", "--folder", "holiday"], ["config", "pollSeconds", "3"], ["gc"]];
        int port;
        using (var daemon = await StartAsync("a"))
        {
            port = int.Parse(_computer.Read("a/api_client_endpoint").Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
            daemon.Kill();
            await daemon.EndAsync();
        }
        using (var other = new TcpListener(IPAddress.Loopback, port))
        {
            other.Start();
            using var deaf = new CancellationTokenSource();
            var refusing = RefuseAsync(other, deaf.Token);
            foreach (string[] command in commands[..3]) (await _computer.RunAsync([.. command, "--config", "a"])).ShouldExit(1).ShouldReportOnce("magic-folder run");
            foreach (string[] command in commands[3..]) (await _computer.RunAsync([.. command, "--config", "a"])).ShouldBeCalm();
            (await _computer.RunAsync("config", "port", $"{port}", "--config", "a")).ShouldExit(0);
            (await _computer.RunAsync("run", "--config", "a")).ShouldExit(1).Errors.ShouldContain($"listens at port {port}");
            await deaf.CancelAsync();
            (await refusing).ShouldBe(0);
        }
        _computer.Exists("a/api_client_endpoint").ShouldBeFalse();
        _computer.Exists("a/api_token").ShouldBeFalse();
    }

    [Fact]
    public async Task ASettingCountsAtOnce()
    {
        using var daemon = await StartAsync("a");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "one", "--config", "a")).ShouldExit(0);
        (await _computer.RunAsync("config", "scanSeconds", "77", "--config", "a")).ShouldExit(0).Errors.ShouldBeEmpty();
        (await _computer.RunAsync("list", "--json", "--config", "a")).ShouldExit(0).Output.ShouldContain("\"scan_interval\": 77");
        (await _computer.RunAsync("config", "scanSeconds", "--config", "a")).ShouldExit(0).Output.Trim().ShouldBe("77");
        (await _computer.RunAsync("config", "scanSeconds", "0", "--config", "a")).ShouldExit(1).ShouldReportOnce("86400");
        (await _computer.RunAsync("config", "port", "0", "--config", "a")).ShouldExit(0).ShouldReportOnce("started again");
        _computer.Write("one/x.txt", "one");
        (await _computer.RunAsync("scan", "--config", "a")).ShouldExit(0);
    }

    /// <summary>Hangs up on everybody, and says how many there were.</summary>
    private static async Task<int> RefuseAsync(TcpListener listener, CancellationToken cancel)
    {
        for (int count = 0; ; count++)
        {
            try
            {
                using var caller = await listener.AcceptTcpClientAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    private async Task<ProgramRun> StartAsync(string config)
    {
        (await _computer.RunAsync("init", "--grid", "grid", "--config", config)).ShouldExit(0);
        var daemon = _computer.Start("run", "--config", config);
        await daemon.SaysAsync("Ready");
        return daemon;
    }

    private async Task<ProgramResult[]> RunAllAsync()
    {
        var results = new List<ProgramResult>();
        foreach (string[] command in Commands) results.Add((await _computer.RunAsync([.. command, "--folder", "holiday", "--config", "a"])).ShouldBeCalm());
        return [.. results];
    }
}
