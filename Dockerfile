# Two images from one file, of one Python and the same locked versions.
#
# For grading and for writing the course; it holds every answer:
#
#     docker build --tag course .
#     docker run --rm --volume "$PWD/grading":/course/grading course make grade
#
# For learners, as a hub's single-user server or by itself; it holds the bundle and
# no answer, and with the number of the hub's version it has JupyterHub's part too:
#
#     docker build --tag learner --target learner --build-arg JUPYTERHUB=5.4.0 .
#     docker run --rm --publish 8888:8888 learner
#
# Each step is a script in .devcontainer, which needs no Docker;
# tests/project/test_image_in_debian.py runs them in a clean Debian.
FROM python:3.13-slim-bookworm AS course
WORKDIR /course
COPY . .
RUN sh .devcontainer/course.sh
ENV PATH=/course/.venv/bin:$PATH

FROM course AS bundle
RUN autograder bundle

FROM python:3.13-slim-bookworm AS learner
ARG JUPYTERHUB=""
WORKDIR /home/learner
COPY --from=bundle /course/dist/optimising-deep-networks.zip /tmp/
COPY .devcontainer/learner.sh /tmp/
RUN JUPYTERHUB="$JUPYTERHUB" sh /tmp/learner.sh /tmp/optimising-deep-networks.zip /opt/learner \
    && useradd --create-home learner && chown -R learner: .
USER learner
ENV PATH=/opt/learner/bin:$PATH
EXPOSE 8888
CMD ["autograder", "lab", "--no-browser", "--ip=0.0.0.0"]

# What is built unless another is asked for.
FROM course
