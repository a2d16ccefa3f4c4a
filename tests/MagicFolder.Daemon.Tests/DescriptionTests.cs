using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MagicFolder.Daemon.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Tests;

/// <summary>The description of the API (OpenAPI 3.1) says what there is, and nothing else.</summary>
public sealed class DescriptionTests
{
    private static readonly JsonElement Description = Read();

    private static readonly Dictionary<string, JsonTypeInfo> Documents = new(StringComparer.Ordinal)
    {
        ["Health"] = ApiJson.Default.HealthDocument,
        ["Status"] = ApiJson.Default.StatusDocument,
        ["Folder"] = ApiJson.Default.FolderDocument,
        ["Problem"] = ApiJson.Default.ProblemDocument,
        ["Participant"] = ApiJson.Default.ParticipantDocument,
        ["Grid"] = ApiJson.Default.GridDocument,
        ["ListedFolder"] = PythonJson.Default.ListedFolder,
        ["FileStatus"] = PythonJson.Default.FileStatus,
        ["RecentChange"] = PythonJson.Default.RecentChange,
        ["AddRequest"] = ApiJson.Default.AddRequest,
        ["Left"] = ApiJson.Default.LeftDocument,
        ["ResolveRequest"] = ApiJson.Default.ResolveRequest,
        ["Resolved"] = ApiJson.Default.ResolvedDocument,
        ["RestoreRequest"] = ApiJson.Default.RestoreBody,
        ["Restored"] = ApiJson.Default.RestoredDocument,
        ["InviteRequest"] = ApiJson.Default.InviteRequest,
        ["Invite"] = ApiJson.Default.InviteDocument,
        ["JoinRequest"] = ApiJson.Default.JoinRequest,
        ["Join"] = ApiJson.Default.JoinDocument,
        ["RemoveRequest"] = ApiJson.Default.RemoveRequest,
        ["UndoRequest"] = ApiJson.Default.UndoBody,
        ["Undone"] = ApiJson.Default.UndoneDocument,
        ["UndonePath"] = ApiJson.Default.UndonePathDocument,
        ["CollectRequest"] = ApiJson.Default.CollectRequest,
        ["Collected"] = ApiJson.Default.CollectedDocument,
        ["CollectedFolder"] = ApiJson.Default.CollectedFolderDocument,
        ["Recovered"] = ApiJson.Default.RecoveredDocument,
        ["History"] = ApiJson.Default.HistoryDocument,
        ["Version"] = ApiJson.Default.VersionDocument,
        ["Why"] = ApiJson.Default.WhyDocument,
        ["Standing"] = ApiJson.Default.StandingDocument,
        ["VersionAt"] = ApiJson.Default.VersionAtDocument,
        ["Held"] = ApiJson.Default.HeldDocument,
        ["Activity"] = ApiJson.Default.ActivityDocument,
        ["Part"] = ApiJson.Default.PartDocument,
        ["Conflicts"] = ApiJson.Default.ConflictsDocument,
        ["Conflict"] = ApiJson.Default.ConflictDocument,
        ["Sibling"] = ApiJson.Default.SiblingDocument,
        ["Published"] = ApiJson.Default.PublishedDocument,
        ["CheckRequest"] = ApiJson.Default.CheckRequest,
        ["FolderCheck"] = ApiJson.Default.FolderCheckDocument,
        ["UnhealthyObject"] = ApiJson.Default.UnhealthyObjectDocument,
        ["Stored"] = ApiJson.Default.StoredDocument,
        ["SpreadObject"] = ApiJson.Default.SpreadObjectDocument,
        ["DamagedShare"] = ApiJson.Default.DamagedShareDocument,
        ["FailingDirectory"] = ApiJson.Default.FailingDirectoryDocument,
        ["LostVersion"] = ApiJson.Default.LostVersionDocument,
        ["LostTree"] = ApiJson.Default.LostTreeDocument,
        ["LostSnapshot"] = ApiJson.Default.LostSnapshotDocument,
        ["SettingRequest"] = ApiJson.Default.SettingRequest,
        ["Settings"] = ApiJson.Default.SettingsDocument,
        ["Error"] = ApiJson.Default.ErrorDocument,
        ["Events"] = ApiJson.Default.EventsDocument,
        ["Event"] = ApiJson.Default.EventDocument,
    };

    [Fact]
    public async Task EveryRequestIsDescribedAndEveryDescriptionIsOfARequest()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var application = builder.Build();
        ApiServer.MapAll(application, null!);
        string[] mapped =
        [
            .. ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
                .Order(StringComparer.Ordinal),
        ];
        mapped.Length.ShouldBeGreaterThan(20);
        string[] described =
        [
            .. Description.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Where(operation => operation.Name != "parameters").Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
                .Order(StringComparer.Ordinal),
        ];
        described.ShouldBe(mapped);
    }

    [Fact]
    public void EveryDocumentIsDescribedAsItIsWritten()
    {
        var schemas = Description.GetProperty("components").GetProperty("schemas").EnumerateObject().ToArray();
        schemas.Select(schema => schema.Name).ShouldBe(Documents.Keys, ignoreOrder: true);
        foreach (var schema in schemas)
            schema.Value.GetProperty("properties").EnumerateObject().Select(property => property.Name).ShouldBe(Documents[schema.Name].Properties.Select(property => property.Name), schema.Name);
    }

    [Fact]
    public void EveryReferenceLeadsSomewhere()
    {
        int followed = 0;
        foreach (string reference in References(Description))
        {
            var place = Description;
            foreach (string step in reference.Split('/').Skip(1)) place = place.GetProperty(step);
            followed++;
        }
        followed.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void EveryPlaceholderOfAPathIsAParameter()
    {
        foreach (var path in Description.GetProperty("paths").EnumerateObject())
        {
            int placeholders = path.Name.Count(c => c == '{');
            int parameters = path.Value.TryGetProperty("parameters", out var shared) ? shared.GetArrayLength() : 0;
            foreach (var operation in path.Value.EnumerateObject())
            {
                if (operation.Name == "parameters") continue;
                int own = operation.Value.TryGetProperty("parameters", out var more) ? more.EnumerateArray().Count(parameter => parameter.GetProperty("in").GetString() == "path") : 0;
                (parameters + own).ShouldBe(placeholders, path.Name);
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
                operation.Value.GetProperty("responses").EnumerateObject().ShouldNotBeEmpty();
            }
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement Read()
    {
        using var stream = ServiceEndpoints.OpenDescription();
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
