using MagicFolder.Daemon.Folders;
using MagicFolder.Model.Snapshots;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync;
using MagicFolder.Sync.Inviting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>Who takes part in a folder: invites, joining, removal (docs/api.md).</summary>
internal sealed class MembershipEndpoints(FolderHost host)
{
    private const string ReadOnly = "read-only";
    private const string ReadWrite = "read-write";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/join", JoinAsync);
        routes.MapPost("/v1/magic-folder/{name}/invite", InviteAsync);
        routes.MapGet("/v1/magic-folder/{name}/invites", context => FolderEndpoints.AnswerAsync(context, Named(context).ReadInvites().Select(Of).ToList(), ApiJson.Default.ListInviteDocument));
        routes.MapDelete("/v1/magic-folder/{name}/invites/{id}", CancelAsync);
        routes.MapPost("/v1/magic-folder/{name}/remove", RemoveAsync);
    }

    private async Task JoinAsync(HttpContext context)
    {
        if (await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.JoinRequest) is not { Code: { } code, Directory: { } directory } request)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with code and directory.");
            return;
        }
        var (join, fingerprint) = await host.JoinAsync(code, request.Author, request.Name, directory, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await FolderEndpoints.AnswerAsync(context, new JoinDocument(join.Name, join.Petname, join.Path, fingerprint), ApiJson.Default.JoinDocument);
    }

    private async Task InviteAsync(HttpContext context)
    {
        var request = await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.InviteRequest);
        if (request is not { Participant: { } petname } || request.Mode is not (null or ReadWrite or ReadOnly) || request.Days is < 1 || request.Days > Inviter.MaxLifetime.TotalDays)
        {
            await FolderEndpoints.RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"The body has to be JSON with participant, perhaps mode ({ReadWrite} or {ReadOnly}) and days (1 to {Inviter.MaxLifetime.TotalDays}).");
            return;
        }
        var lifetime = request.Days is { } days ? TimeSpan.FromDays(days) : Inviter.DefaultLifetime;
        var invite = await Named(context).InviteAsync(petname, request.Mode == ReadOnly ? ParticipantRole.ReadOnly : ParticipantRole.ReadWrite, lifetime, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await FolderEndpoints.AnswerAsync(context, Of(invite), ApiJson.Default.InviteDocument);
    }

    private async Task CancelAsync(HttpContext context) => await FolderEndpoints.AnswerAsync(
        context, Of(await Named(context).CancelInviteAsync((string)context.Request.RouteValues["id"]!, context.RequestAborted)), ApiJson.Default.InviteDocument);

    private async Task RemoveAsync(HttpContext context)
    {
        if (await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.RemoveRequest) is not { Participant: { } petname })
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with participant.");
            return;
        }
        await Named(context).RemoveAsync(petname, context.RequestAborted);
        await context.Response.WriteAsync("{}");
    }

    /// <exception cref="RefusedException">There is none of that name.</exception>
    private HostedFolder Named(HttpContext context) => host.Find((string)context.Request.RouteValues["name"]!);

    internal static string ModeOf(PendingInvite invite) => invite.Role == ParticipantRole.ReadOnly ? ReadOnly : ReadWrite;

    private static InviteDocument Of(PendingInvite invite) => new(
        invite.Id, invite.Petname, ModeOf(invite), invite.State.ToString().ToLowerInvariant(),
        UnixTime.ToIso(invite.Expires.ToUnixTimeMilliseconds()), invite.Code?.Reveal(), invite.Fingerprint, invite.Outcome);
}
