using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Soak.Running;

/// <summary>One user's daemon: a configuration of its own, and one folder. It may run or not.</summary>
internal sealed class SoakDaemon(Places places, int number) : IDisposable
{
    /// <summary>What all call it.</summary>
    internal const string Folder = "shared";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private HttpClient? _client;
    private long _starts;

    internal string Name => Places.Names[number];

    internal ProgramRun? Run { get; private set; }

    private string Configuration => Path.Combine(places.State, Name);

    private string EndpointFile => Path.Combine(Configuration, "api_client_endpoint");

    /// <summary>Makes its configuration.</summary>
    internal async Task InitializeAsync(CancellationToken cancel)
    {
        using var run = ProgramRun.Start(places, ["init", "--grid", places.Grid, "--config", Configuration]);
        int status = await run.EndAsync(cancel);
        if (status != 0) throw new SoakFailure($"init ends with {status}\n{run.Errors}");
    }

    /// <summary>Returns at once; it takes a while until it answers.</summary>
    internal void Start()
    {
        File.Delete(EndpointFile);
        Run = ProgramRun.Start(places, ["run", "--config", Configuration]);
        _starts++;
    }

    /// <summary>SIGTERM; the daemon has to end well.</summary>
    internal async Task StopAsync(CancellationToken cancel)
    {
        if (Run is null) return;
        Run.Signal(Posix.Terminate);
        int status = await EndAsync(cancel);
        // One that is told so before it has begun ends by the signal itself.
        if (status is not (0 or 128 + Posix.Terminate)) throw new SoakFailure($"{Name}: stopped, the daemon ends with {status}\n{_last}");
    }

    internal async Task<bool> KillAsync(Killer killer, CancellationToken cancel)
    {
        if (Run is null) return false;
        bool killed = await killer.KillAsync(Run, cancel);
        int status = await EndAsync(cancel);
        if (!killed) throw new SoakFailure($"{Name}: the daemon has ended by itself with {status}\n{_last}");
        return killed;
    }

    internal async Task<FolderDocument> AddAsync(string directory, CancellationToken cancel) =>
        await PostAsync("/v1/magic-folder", new AddRequest(Folder, Name, directory), ApiJson.Default.AddRequest, ApiJson.Default.FolderDocument, cancel);

    /// <summary>The code.</summary>
    internal async Task<string> InviteAsync(string petname, CancellationToken cancel) =>
        (await PostAsync($"/v1/magic-folder/{Folder}/invite", new InviteRequest(petname, null, null), ApiJson.Default.InviteRequest, ApiJson.Default.InviteDocument, cancel)).Code!;

    internal Task JoinAsync(string code, string directory, CancellationToken cancel) =>
        PostAsync("/v1/join", new JoinRequest(code, null, directory), ApiJson.Default.JoinRequest, ApiJson.Default.JoinDocument, cancel);

    /// <summary>How its folder stands; null when there is none yet.</summary>
    internal async Task<FolderDocument?> StandingAsync(CancellationToken cancel)
    {
        var client = await ClientAsync(cancel);
        var status = await client.GetFromJsonAsync("/v1/status", ApiJson.Default.StatusDocument, cancel);
        return status!.Folders.SingleOrDefault();
    }

    /// <summary>Looks at everything now; otherwise the reason why it cannot.</summary>
    internal async Task<string?> ScanAsync(CancellationToken cancel)
    {
        var client = await ClientAsync(cancel);
        using var answer = await client.PostAsync($"/v1/magic-folder/{Folder}/scan-local", null, cancel);
        return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>Lets go on what the deletion guard holds back.</summary>
    internal async Task ConfirmAsync(CancellationToken cancel)
    {
        var client = await ClientAsync(cancel);
        using var answer = await client.PostAsync($"/v1/magic-folder/{Folder}/confirm", null, cancel);
    }

    /// <summary>Processor time that its process has used.</summary>
    internal TimeSpan ProcessorTime()
    {
        // Fields 14 and 15 of /proc/PID/stat (proc(5)), counted from behind the name, in hundredths of a second.
        string stat = File.ReadAllText($"/proc/{Run!.Id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[12], System.Globalization.CultureInfo.InvariantCulture)) / 100.0);
    }

    internal string Said => Run is { } run ? run.Output + run.Errors : _last;

    public void Dispose()
    {
        _client?.Dispose();
        Run?.Dispose();
    }

    private string _last = "";

    private async Task<int> EndAsync(CancellationToken cancel)
    {
        var run = Run!;
        try
        {
            return await run.EndAsync(cancel);
        }
        finally
        {
            _last = run.Output + run.Errors;
            run.Dispose();
            Run = null;
            _client?.Dispose();
            _client = null;
        }
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancel)
    {
        var client = await ClientAsync(cancel);
        using var content = JsonContent.Create(body, bodyType);
        await content.LoadIntoBufferAsync(cancel);
        using var answer = await client.PostAsync(path, content, cancel);
        if (!answer.IsSuccessStatusCode) throw new SoakFailure($"{Name}: {path} is answered by {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        return (await answer.Content.ReadFromJsonAsync(type, cancel))!;
    }

    /// <summary>Waits until it listens.</summary>
    private async Task<HttpClient> ClientAsync(CancellationToken cancel)
    {
        if (_client is not null) return _client;
        for (var waited = TimeSpan.Zero; !File.Exists(EndpointFile); waited += Look)
        {
            if (Run is null || Run.HasEnded || waited > Patience) throw new SoakFailure($"{Name}: the daemon does not listen\n{Said}");
            await Task.Delay(Look, cancel);
        }
        _client = new HttpClient { BaseAddress = new Uri((await File.ReadAllTextAsync(EndpointFile, cancel)).Trim().Replace("tcp:", "http://", StringComparison.Ordinal)), Timeout = Patience };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Configuration, "api_token"), cancel)).Trim());
        return _client;
    }
}
