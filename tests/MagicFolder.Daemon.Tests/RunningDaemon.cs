using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MagicFolder.Daemon.Tests;

/// <summary>A daemon in this process with a configuration, a grid and directories of its own; several may share a root.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    /// <summary>All that share a grid have different ones.</summary>
    private static readonly Dictionary<string, KnownKeys> Keys = new(StringComparer.Ordinal);

    /// <summary>Much more than it takes, also on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private RunningDaemon(string root, string name, ClientConfiguration configuration, TimeProvider time, Func<IGrid, IGrid> around, ILoggerFactory logs)
    {
        Root = root;
        Directory = new ConfigurationDirectory(Path.Combine(root, "config-" + name));
        configuration.Save(Directory);
        var environment = new DaemonEnvironment(Directory, new CurrentConfiguration(configuration), time, SecureRandom.Instance)
        {
            OpenGrid = async (grid, leaseSecret, cancel) => around(await OpenGridAsync(grid, leaseSecret, cancel)),
            DescribeGrid = grid => new GridDescription("directory", [grid], DirectoryShareServer.IsAt(grid) ? 1 : 0, 1),
            IdentifyGrid = async (grid, mayCreate, cancel) => (await OpenServerAsync(grid, mayCreate, cancel)).Identity.NodeId.ToArray(),
            NewKeys = () => NextKeys(root),
            Convergence = () => new byte[32],
        };
        _run = Task.Run(() => DaemonProcess.RunAsync(environment, logs, _stop.Token));
    }

    internal string Root { get; }

    internal ConfigurationDirectory Directory { get; }

    internal HttpClient Client { get; private set; } = null!;

    /// <summary>Until it ends by itself.</summary>
    internal static async Task RunAsync(string root, string name = "one") => await (await MakeAsync(root, name))._run;

    /// <summary>Told to stop before it is ready.</summary>
    internal static async Task StopAsItStartsAsync(string root)
    {
        var daemon = await MakeAsync(root, "one");
        await daemon.StopAsync();
        File.Exists(daemon.Directory.EndpointFile).ShouldBeFalse();
    }

    internal static async Task<RunningDaemon> StartAsync(string root, string name = "one", TimeProvider? time = null, Func<IGrid, IGrid>? around = null, ILoggerFactory? logs = null)
    {
        var daemon = await MakeAsync(root, name, time, around, logs);
        while (!File.Exists(daemon.Directory.EndpointFile))
        {
            if (daemon._run.IsCompleted) await daemon._run;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        daemon.Client = new HttpClient { BaseAddress = new Uri(File.ReadAllText(daemon.Directory.EndpointFile).Trim().Replace("tcp:", "http://", StringComparison.Ordinal)) };
        daemon.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(daemon.Directory.TokenFile).Trim());
        return daemon;
    }

    internal string At(string path) => Path.Combine(Root, path);

    internal async Task<FolderDocument> AddAsync(string name, string author, string directory)
    {
        using var answer = await PostAddAsync(name, author, At(directory));
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.FolderDocument, TestContext.Current.CancellationToken))!;
    }

    internal async Task<HttpResponseMessage> PostAddAsync(string? name, string? author, string? directory)
    {
        using var body = JsonContent.Create(new AddRequest(name, author, directory), ApiJson.Default.AddRequest);
        await body.LoadIntoBufferAsync();
        return await Client.PostAsync("/v1/magic-folder", body, TestContext.Current.CancellationToken);
    }

    /// <summary>The code of an invite.</summary>
    internal async Task<string> InviteAsync(string folder, string petname)
    {
        var (status, text) = await SendAsync($"/v1/magic-folder/{folder}/invite", new InviteRequest(petname, null, null), ApiJson.Default.InviteRequest);
        status.ShouldBe(System.Net.HttpStatusCode.Created, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.InviteDocument)!.Code!;
    }

    internal Task<(System.Net.HttpStatusCode Status, string Text)> JoinAsync(string code, string directory, string? name = null) =>
        SendAsync("/v1/join", new JoinRequest(code, null, At(directory), name), ApiJson.Default.JoinRequest);

    internal async Task<(System.Net.HttpStatusCode Status, string Text)> SendAsync<T>(string path, T body, JsonTypeInfo<T> type)
    {
        using var content = JsonContent.Create(body, type);
        await content.LoadIntoBufferAsync();
        using var answer = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal async Task<StatusDocument> StatusAsync() => (await Client.GetFromJsonAsync("/v1/status", ApiJson.Default.StatusDocument, TestContext.Current.CancellationToken))!;

    internal async Task<FolderDocument> FolderAsync(string name) => (await StatusAsync()).Folders.Single(folder => folder.Name == name);

    /// <summary>Waits until the folder stands so.</summary>
    internal async Task<FolderDocument> BecomesAsync(string name, Func<FolderDocument, bool> holds)
    {
        FolderDocument folder;
        long start = TimeProvider.System.GetTimestamp();
        while (!holds(folder = await FolderAsync(name)))
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience) throw new TimeoutException($"It stands so: {folder}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        return folder;
    }

    /// <param name="what">Behind <c>/v1/magic-folder/</c>.</param>
    internal async Task<(System.Net.HttpStatusCode Status, string Text)> GetAsync(string what)
    {
        using var answer = await Client.GetAsync($"/v1/magic-folder/{what}", TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>What must be answered.</summary>
    internal async Task<T> ReadAsync<T>(string what, JsonTypeInfo<T> type)
    {
        var (status, text) = await GetAsync(what);
        status.ShouldBe(System.Net.HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, type)!;
    }

    /// <summary>What must be done.</summary>
    internal async Task<T> AskAsync<TBody, T>(string what, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type)
    {
        var (status, text) = await SendAsync($"/v1/magic-folder/{what}", body, bodyType);
        status.ShouldBe(System.Net.HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, type)!;
    }

    internal async Task<string> PostAsync(string path)
    {
        using var answer = await Client.PostAsync(path, null, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return $"{(int)answer.StatusCode} {text}";
    }

    /// <summary>It has ended then; what was asked before may still be read.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client?.Dispose();
        _stop.Dispose();
    }

    private static MutableKeys NextKeys(string root)
    {
        lock (Keys)
        {
            if (!Keys.TryGetValue(root, out var keys)) Keys.Add(root, keys = new KnownKeys());
            return keys.Next();
        }
    }

    /// <summary>The first configuration of a root makes the grid, as <c>init</c> does.</summary>
    private static async Task<RunningDaemon> MakeAsync(string root, string name, TimeProvider? time = null, Func<IGrid, IGrid>? around = null, ILoggerFactory? logs = null)
    {
        string grid = Path.Combine(root, "grid");
        if (System.IO.Directory.GetDirectories(root, "config-*").Length == 0) await OpenServerAsync(grid, true, TestContext.Current.CancellationToken);
        return new RunningDaemon(root, name, new ClientConfiguration(grid, PollSeconds: 1), time ?? TimeProvider.System, around ?? (opened => opened), logs ?? NullLoggerFactory.Instance);
    }

    private static async Task<IGrid> OpenGridAsync(string grid, ReadOnlyMemory<byte> leaseSecret, CancellationToken cancel)
    {
        var server = await OpenServerAsync(grid, false, cancel);
        return new TahoeGrid([server], leaseSecret.Span, SecureRandom.Instance);
    }

    private static async Task<DirectoryShareServer> OpenServerAsync(string grid, bool mayCreate, CancellationToken cancel) => mayCreate && !System.IO.Directory.Exists(grid)
        ? await DirectoryShareServer.CreateAsync(grid, TimeProvider.System, SecureRandom.Instance, cancel)
        : await DirectoryShareServer.OpenAsync(grid, TimeProvider.System, SecureRandom.Instance, cancel);

    private sealed class SecureRandom : IRandomSource
    {
        internal static readonly SecureRandom Instance = new();

        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
