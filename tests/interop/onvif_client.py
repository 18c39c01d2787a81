"""The ONVIF client `onvif-zeep-async` (PyPI): what it reads of a camera, by the right password and a wrong one, as JSON."""
import asyncio
import json
import os
import sys

import onvif
from onvif import ONVIFCamera
from onvif.exceptions import ONVIFError
from zeep.exceptions import Fault

asked = json.load(sys.stdin)
WSDL = os.path.join(os.path.dirname(onvif.__file__), "wsdl")


async def describe(password):
    camera = ONVIFCamera("127.0.0.1", asked["port"], asked["user"], password, WSDL)
    try:
        await camera.update_xaddrs()
        device = await camera.create_devicemgmt_service()
        information = await device.GetDeviceInformation()
        media = await camera.create_media_service()
        profiles = await media.GetProfiles()
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        streams = []
        for profile in profiles:
            answer = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token})
            size = profile.VideoEncoderConfiguration.Resolution
            streams.append({"url": answer.Uri, "width": size.Width, "height": size.Height})
        # Each is refused here where it does not fit the schema of ONVIF.
        for ask in ("GetHostname", "GetUsers", "GetNetworkInterfaces", "GetNetworkProtocols", "GetScopes", "GetServiceCapabilities"):
            await getattr(device, ask)()
        for ask in ("GetServiceCapabilities", "GetVideoSourceConfigurations", "GetVideoEncoderConfigurations"):
            await getattr(media, ask)()
        return {"model": information.Model, "streams": streams}
    except (ONVIFError, Fault) as error:
        return {"refused": type(error).__name__, "said": str(error)[:200]}
    finally:
        await camera.close()


async def main():
    return {"right": await describe(asked["password"]), "wrong": await describe("guess")}


json.dump(asyncio.run(main()), sys.stdout)
