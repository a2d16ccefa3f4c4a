using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Folders;
using MagicFolder.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>The settings of this computer (docs/api.md).</summary>
internal sealed class SettingsEndpoints(FolderHost host)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/config", AnswerAsync);
        routes.MapPost("/v1/config", ChangeAsync);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        if (await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.SettingRequest) is not { Key: { } key, Value: { } value } || !ClientConfiguration.NumberKeys.Contains(key))
        {
            await FolderEndpoints.RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"The body has to be JSON with key, one of {string.Join(", ", ClientConfiguration.NumberKeys)}, and value, a number.");
            return;
        }
        try
        {
            await host.ConfigureAsync(key, value, context.RequestAborted);
        }
        catch (DamagedBytesException e)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status409Conflict, e.Message);
            return;
        }
        await AnswerAsync(context);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var configuration = host.Environment.Configuration;
        return FolderEndpoints.AnswerAsync(
            context, new SettingsDocument(configuration.Grid, ClientConfiguration.NumberKeys.ToDictionary(key => key, configuration.Number)), ApiJson.Default.SettingsDocument);
    }
}
