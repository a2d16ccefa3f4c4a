using System.Net;
using MagicFolder.Daemon.Folders;
using MagicFolder.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Daemon.Api;

/// <summary>The HTTP server of the daemon: loopback only.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ApiServer(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    internal Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="IOException">The port is taken.</exception>
    internal static async Task<ApiServer> StartAsync(FolderHost host, string token, int port, ILoggerFactory logs, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "magic-folder", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(logs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var application = builder.Build();
        application.Use(AnswerTroubleAsync);
        var guard = new ApiGuard(token);
        application.Use(next => context => guard.InvokeAsync(context, next));
        application.UseWebSockets();
        application.Use(EndWithDaemonAsync);
        MapAll(application, host);
        try
        {
            // Cancelled in the middle, it would tell of a failure; it takes an instant.
            cancel.ThrowIfCancellationRequested();
            await application.StartAsync(CancellationToken.None);
            return new ApiServer(application);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await application.DisposeAsync();
            throw new IOException($"Another program of this computer listens at port {port}. Choose another port for the daemon with 'magic-folder config port', or 'config port 0' for any that is free.", e);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every request there is; each is described in openapi.json.</summary>
    internal static void MapAll(IEndpointRouteBuilder routes, FolderHost host)
    {
        new ServiceEndpoints(host).Map(routes);
        new FolderEndpoints(host).Map(routes);
        new MembershipEndpoints(host).Map(routes);
        new VersionEndpoints(host).Map(routes);
        new FileEndpoints(host).Map(routes);
        new LookingEndpoints(host).Map(routes);
        new SettingsEndpoints(host).Map(routes);
        new CollectionEndpoints(host).Map(routes);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    /// <summary>What goes wrong is told in one line, as on the command line.</summary>
    private static async Task AnswerTroubleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException e) when (!context.Response.HasStarted)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status409Conflict, e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted && KnownTrouble.Is(e))
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    /// <summary>Whoever waits for something long must not keep the daemon from ending. What is under way ends as it does when the asker has gone.</summary>
    private static async Task EndWithDaemonAsync(HttpContext context, RequestDelegate next)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            // It says goodbye by itself.
            await next(context);
            return;
        }
        var aborted = context.RequestAborted;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        context.RequestAborted = ends.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = aborted;
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The daemon is being stopped.");
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }
}
